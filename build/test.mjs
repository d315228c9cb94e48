// Runs every test there is, on the machine as it is and inside the sessions of test/bed/, and adds up the numbers.
// The last line is `N passed, N failed`. What could not start, and what ran no test at all, counts as failed.
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listTypeScriptSources } from './sources.mjs';
import { ALL_PROJECTS, BED_PROJECTS, PLAIN_PROJECTS } from './test-projects.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
// A run that takes longer hangs: every test and every wait has a far shorter time-out of its own. The bed ends first,
// because it knows how to tidy up.
const RUN_LIMIT_S = 840;
const BED_LIMIT_S = RUN_LIMIT_S - 30;
// One folder per run: results.json, and whatever a bed leaves there (screenshots, logs). Kept until the next time.
const ARTIFACTS = process.env.BED_ARTIFACTS ?? join(ROOT, '.cache', 'test-artifacts');

const total = { passed: 0, failed: 0, skipped: 0 };

for (const file of strayTests()) fail(`${file} belongs to no project of build/test-projects.mjs, so it never runs`);
await prepare('the machine is not prepared', ['bash', join(ROOT, 'build', 'prepare-machine.sh'), 'tests']);
await prepare('dist/ is not built', [process.execPath, join(ROOT, 'build', 'bundle.mjs')]);
// The beds' user may not write the cache that Electron is kept in.
await prepare('there is no Electron to test with', [process.execPath, join(ROOT, 'build', 'electron-runtime.mjs')]);
await prepare('the app could not be packed', [process.execPath, join(ROOT, 'build', 'package.mjs')]);
await runProjects(PLAIN_PROJECTS, []);
for (const { name, beds } of BED_PROJECTS) {
  await runProjects([name], beds.flatMap((bed) => ['bash', join(ROOT, 'test', 'bed', bed)]));
}

const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

function fail(what) {
  console.error(`FAILED: ${what}`);
  total.failed += 1;
}

function strayTests() {
  return listTypeScriptSources(ROOT)
    .filter((path) => /\.(test|spec)\.tsx?$/.test(path))
    .filter((path) => !ALL_PROJECTS.some((name) => path.startsWith(`test/${name}/`)));
}

async function prepare(otherwise, command) {
  const code = await run(command);
  if (code !== 0) fail(`${otherwise}: ${command.join(' ')} ended with ${code}`);
}

/** Runs the projects in one test runner, inside `bed` (a command that takes a command; none: as it is). */
async function runProjects(names, bed) {
  console.log(`\n=== ${names.join(', ')}`);
  const artifacts = join(ARTIFACTS, names.join('+'));
  await rm(artifacts, { recursive: true, force: true });
  await mkdir(artifacts, { recursive: true });
  // A bed gives its command another folder in BED_ARTIFACTS and copies it to this one; vitest.config.mjs writes there.
  const code = await run(
    [
      ...bed,
      ...[process.execPath, VITEST, 'run', '--root', ROOT, '--configLoader', 'native'],
      ...names.flatMap((name) => ['--project', name]),
    ],
    { BED_ARTIFACTS: artifacts, BED_LIMIT: String(BED_LIMIT_S) },
  );

  const results = await readResults(join(artifacts, 'results.json'));
  if (results === undefined) return fail(`${names.join(', ')} did not get as far as results (ended with ${code})`);
  const failedBefore = total.failed;
  const ran = new Set(results.flatMap(addFile));
  for (const name of names.filter((name) => !ran.has(name))) fail(`test/${name} ran no test`);
  if (code !== 0 && total.failed === failedBefore) {
    fail(`${names.join(', ')}: the runner ended with ${code} although no test failed (see its errors above)`);
  }
}

async function readResults(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).testResults;
  } catch {
    return undefined;
  }
}

/** Adds one file's numbers; returns the projects that ran a test in it (one or none). */
function addFile({ name, status, message, assertionResults }) {
  const of = (...states) => assertionResults.filter((test) => states.includes(test.status));
  const unrun = of('skipped', 'pending', 'todo', 'disabled');
  total.passed += of('passed').length;
  total.failed += of('failed').length;
  total.skipped += unrun.length;

  const path = relative(ROOT, name).split(sep).join('/');
  for (const test of unrun) console.log(`skipped: ${path}: ${test.fullName}`);
  if (status === 'failed' && of('failed').length === 0) fail(`${path} could not be run: ${message}`);
  return of('passed', 'failed').length > 0 ? [path.split('/')[1]] : [];
}

/** Streams the command's output; returns its exit code, or what ended it instead. */
function run([command, ...args], environment = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...environment } });
    const limit = setTimeout(() => {
      console.error(`ended after ${RUN_LIMIT_S} s: ${command} ${args.join(' ')}`);
      child.kill('SIGKILL');
    }, RUN_LIMIT_S * 1000);
    const done = (result) => {
      clearTimeout(limit);
      resolve(result);
    };
    child.once('error', (error) => done(error.message));
    child.once('exit', (code, signal) => done(code ?? signal));
  });
}
