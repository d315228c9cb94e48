// Writes dist/: the `upkeep` command, the desktop shell and the panel, each in one CommonJS or browser file.
// Old Electron has no ES module main, and one file starts faster than three hundred. It packages nothing.
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const DIST = join(ROOT, 'dist');
const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));

// electron is the runtime itself, libsql loads a native module, node-notifier starts programs that lie beside it.
const STAYS_IN_NODE_MODULES = ['electron', 'libsql', 'node-notifier'];

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  write: false,
  metafile: true,
  treeShaking: true,
  legalComments: 'none',
  // Linked, never inline: a map costs nothing until a debugger asks for it.
  sourcemap: 'linked',
  sourcesContent: false,
  define: { __UPKEEP_VERSION__: JSON.stringify(version) },
  logLevel: 'silent',
};
const FOR_NODE = {
  ...COMMON,
  platform: 'node',
  target: 'node18.15',
  format: 'cjs',
  external: STAYS_IN_NODE_MODULES,
  // jsonc-parser's `main` requires its parts by a computed path, which no bundler can follow; its `module` doesn't.
  mainFields: ['module', 'main'],
};

const ENTRIES = [
  {
    source: 'cli/main.ts',
    options: { ...FOR_NODE, outfile: 'dist/cli.cjs', banner: { js: '#!/usr/bin/env node' } },
    executable: true,
  },
  { source: 'electron/main.ts', options: { ...FOR_NODE, outfile: 'dist/main.cjs' } },
  {
    source: 'electron/preload.ts',
    options: { ...FOR_NODE, outfile: 'dist/preload.cjs' },
    // A sandboxed preload can load nothing else.
    mayRequire: ['electron'],
  },
  {
    source: 'renderer/main.tsx',
    options: {
      ...COMMON,
      // It is read anew each time the panel opens.
      minify: true,
      platform: 'browser',
      target: 'chrome114',
      format: 'iife',
      outdir: 'dist/panel',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      loader: { '.svg': 'file', '.png': 'file', '.woff2': 'file' },
    },
    mayRequire: [],
    // Half of the script would be schemas that nobody in a page asks.
    mustNotHold: /node_modules\/zod\//,
    page: 'renderer/index.html',
  },
];

const startedAtMs = performance.now();

try {
  // Everything is built before the first file is written, so a failed build leaves the last good dist/ alone.
  const files = (await Promise.all(ENTRIES.map(bundleEntry))).flat();
  await rm(DIST, { recursive: true, force: true });
  for (const file of files) await writeOutput(file);
  await cp(join(ROOT, 'electron/icons'), join(DIST, 'icons'), { recursive: true });
  // Of its tab in a browser.
  await cp(join(ROOT, 'electron/icons/upkeep-64.png'), join(DIST, 'panel/icon.png'));
  console.log(`Upkeep ${version} built in ${Math.round(performance.now() - startedAtMs)} ms`);
} catch (error) {
  console.error(`Cannot build: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function bundleEntry({ source, options, executable = false, mayRequire, mustNotHold, page }) {
  const result = await build({ ...options, entryPoints: [source] });
  // What the bundler warns of (an import.meta in CommonJS, a require it cannot follow) is a crash at run time.
  if (result.warnings.length > 0) {
    throw new Error(result.warnings.map(({ text, location }) => `${location?.file}:${location?.line}: ${text}`).join('\n'));
  }
  refuseForeignRequires(source, result.metafile, mayRequire);
  const unwanted = mustNotHold && Object.values(result.metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs)).find((input) => mustNotHold.test(input));
  if (unwanted) throw new Error(`${source} brings ${unwanted} along; import the constant it needs from a file of the contract without schemas`);
  const files = result.outputFiles.map((file) => ({ path: file.path, contents: /\.c?js$/.test(file.path) ? writeInAscii(file.text) : file.contents, executable }));
  return page === undefined ? files : [...files, await readPage(page, files)];
}

/**
 * One character outside Latin-1 makes the engine keep the whole text with two bytes for each: 0.9 MB of memory, as long as it runs.
 * esbuild writes strings in ASCII by itself, but not patterns and comments (tcp-port-used's is2 has a pattern with invisible spaces).
 */
function writeInAscii(text) {
  return text.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function refuseForeignRequires(source, { outputs }, mayRequire) {
  const required = Object.values(outputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
  const allowed = (path) =>
    mayRequire === undefined ? STAYS_IN_NODE_MODULES.includes(path) || isBuiltin(path) : mayRequire.includes(path);
  const foreign = required.map(({ path }) => path).filter((path) => !allowed(path));
  if (foreign.length > 0) throw new Error(`${source} requires ${foreign.join(', ')}, which is not there at run time`);
}

/** The page is copied as it is. Its strict policy would silently ignore inline code, so that is refused here. */
async function readPage(page, files) {
  const contents = await readFile(join(ROOT, page), 'utf8');
  const inline = /<script(?![^>]*\bsrc=)|<style|\s(?:style|on[a-z]+)\s*=/i.exec(contents);
  if (inline !== null) throw new Error(`${page} has inline code (${inline[0].trim()}), which its content policy forbids`);
  for (const { path } of files.filter((file) => /\.(js|css)$/.test(file.path))) {
    const name = relative(join(DIST, 'panel'), path);
    if (!contents.includes(name)) throw new Error(`${page} does not load ${name}`);
  }
  return { path: join(DIST, 'panel', 'index.html'), contents, executable: false };
}

async function writeOutput({ path, contents, executable }) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, contents);
  if (executable && path.endsWith('.cjs')) await chmod(path, 0o755);
  if (!path.endsWith('.map')) console.log(`${relative(ROOT, path)} ${Math.ceil(contents.length / 1024)} kB`);
}
