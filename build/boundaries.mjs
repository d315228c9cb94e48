// Answers whether the imports of a source tree keep to the architecture (.dependency-cruiser.mjs).
// It never takes "no violations" for an answer from a cruiser that has not seen every source: with a TypeScript it
// doesn't know, the cruiser reads nothing, reports nothing and succeeds.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cruise } from 'dependency-cruiser';
import config from '../.dependency-cruiser.mjs';
import { listTypeScriptSources } from './sources.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const FOLDERS = ['supervisor', 'cli', 'electron', 'renderer', 'build', 'bench', 'test'];

/** Names of all rules, in the order of the configuration. */
export const ruleNames = config.forbidden.map(({ name }) => name);

/**
 * Cruises the source tree below `root` (default: this repository).
 * `unseen` are sources on disk that the cruiser has not read.
 * @param {string} [root]
 * @returns {Promise<{ violations: Violation[], cruisedCount: number, unseen: string[] }>}
 * @typedef {{ rule: string, comment: string, from: string, to: string }} Violation
 */
export async function findViolations(root = ROOT) {
  const { options, ...rules } = config;
  const folders = FOLDERS.filter((name) => existsSync(join(root, name)));
  const { output } = await cruise(folders, { ...options, baseDir: root, validate: true, ruleSet: rules });

  const commentOf = new Map(config.forbidden.map(({ name, comment }) => [name, comment]));
  const cruised = new Set(output.modules.map(({ source }) => source));
  const sources = listTypeScriptSources(root);
  return {
    violations: output.summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      comment: commentOf.get(rule.name),
      from,
      to,
    })),
    cruisedCount: sources.filter((source) => cruised.has(source)).length,
    unseen: sources.filter((source) => !cruised.has(source)),
  };
}

async function main() {
  const { violations, cruisedCount, unseen } = await findViolations();
  for (const { rule, comment, from, to } of violations) console.error(`${from} -> ${to}\n  ${rule}. ${comment}\n`);
  for (const source of unseen) console.error(`${source}: not seen by the cruiser, so its imports were not checked`);
  console.log(`${cruisedCount} sources cruised, ${violations.length} violations, ${unseen.length} sources unseen`);
  if (violations.length > 0 || unseen.length > 0 || cruisedCount === 0) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
