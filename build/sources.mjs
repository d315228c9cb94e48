// Answers which TypeScript sources exist on disk, without asking any tool that may be blind to them.
// It reads names only, and never looks into what is installed, built or meant to be wrong.
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const NOT_SOURCES = new Set(['node_modules', 'dist', 'release', '.git', '.cache']);
const BREAKS_RULES_ON_PURPOSE = 'test/architecture/fixture';

/**
 * Every .ts and .tsx file below `root`: paths from there with forward slashes, sorted.
 * @param {string} root
 * @returns {string[]}
 */
export function listTypeScriptSources(root) {
  return walk(root, root)
    .filter((path) => /(?<!\.d)\.tsx?$/.test(path))
    .sort();
}

function walk(folder, root) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    const name = relative(root, path).split(sep).join('/');
    if (!entry.isDirectory()) return entry.isFile() ? [name] : [];
    return NOT_SOURCES.has(entry.name) || name === BREAKS_RULES_ON_PURPOSE ? [] : walk(path, root);
  });
}
