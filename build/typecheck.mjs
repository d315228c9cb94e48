// Answers whether every layer holds its types, each with the globals it may see and no others.
// It never trusts silence: a source file that no layer's compiler has read is an error.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listTypeScriptSources } from './sources.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const TSC = createRequire(import.meta.url).resolve('typescript/bin/tsc');

// Narrow layers first: a file belongs to the first layer whose folder holds it. '.' is tests and tools.
const LAYERS = ['supervisor/contract', 'supervisor/domain', 'supervisor', 'cli', 'electron', 'renderer', '.'];
const AT_ONCE = 2;

const sourcesOf = groupByLayer(listTypeScriptSources(ROOT));
const waiting = LAYERS.filter((layer) => sourcesOf.get(layer).length > 0);
for (const layer of LAYERS) if (!waiting.includes(layer)) console.log(`${layer}: no TypeScript yet`);

let failedLayers = 0;
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let layer = waiting.shift(); layer !== undefined; layer = waiting.shift()) {
      if (!(await checkLayer(layer, sourcesOf.get(layer)))) failedLayers += 1;
    }
  }),
);
process.exitCode = failedLayers === 0 ? 0 : 1;

function groupByLayer(sources) {
  const groups = new Map(LAYERS.map((layer) => [layer, []]));
  for (const source of sources) {
    groups.get(LAYERS.find((layer) => layer === '.' || source.startsWith(`${layer}/`))).push(source);
  }
  return groups;
}

async function checkLayer(layer, sources) {
  const { code, lines } = await compile(layer);
  const read = new Set(lines.filter((line) => isAbsolute(line)).map(nameOf));
  const errors = lines.filter((line) => line !== '' && !isAbsolute(line));
  const unread = sources.filter((source) => !read.has(source));

  for (const line of errors) console.error(line);
  for (const source of unread) console.error(`${source}: not read by ${layer}/tsconfig.json, so it was not checked`);
  const passed = code === 0 && unread.length === 0;
  console.log(`${layer}: ${sources.length} sources, ${passed ? 'no type errors' : 'FAILED'}`);
  return passed;
}

function nameOf(line) {
  return relative(ROOT, line).split(sep).join('/');
}

/** `--listFiles` prints an absolute path per file read; errors are relative to the working directory. */
function compile(layer) {
  const args = [TSC, '-p', join(ROOT, layer), '--listFiles', '--pretty', 'false'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? 1) : 0, lines: `${stdout}\n${stderr}`.split(/\r?\n/) });
    });
  });
}
