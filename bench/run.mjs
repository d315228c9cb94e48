// `npm run bench [figure...]`: measures, prints a table and writes bench/results.json. The machine and the method of each figure stand beside its numbers.
// Exit code 0: every target met, 1: one was missed or could not be measured, 64: no such figure.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fiftyChecks, hangingTargets } from './figures/fifty-checks.mjs';
import { fullSpeed } from './figures/full-speed.mjs';
import { historyReads } from './figures/history-reads.mjs';
import { panel500 } from './figures/panel-500.mjs';
import { panelOpening } from './figures/panel-opening.mjs';
import { recoveryWithProcess, recoveryWithSystemd } from './figures/recovery.mjs';
import { trayApp } from './figures/tray-app.mjs';
import { trayMemory } from './figures/tray-memory.mjs';
import { BENCH, ROOT } from './running.mjs';

const run = promisify(execFile);
const FIGURES = [recoveryWithProcess, recoveryWithSystemd, fiftyChecks, hangingTargets, fullSpeed, historyReads, trayApp, trayMemory, panelOpening, panel500];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !FIGURES.some((figure) => figure.name === name));
if (unknown.length > 0) {
  console.error(`There is no figure ${unknown.join(', ')}. There are: ${FIGURES.map(({ name }) => name).join(', ')}.`);
  process.exit(64);
}

await run(process.execPath, [join(ROOT, 'build', 'bundle.mjs')]);
const results = { at: new Date().toISOString(), commit: await commit(), machine: machine(), figures: [] };
for (const figure of FIGURES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) results.figures.push(await measure(figure));

console.log(`\n${Object.values(results.machine).join(', ')}; ${results.commit}\n`);
printTable(results.figures);
// A part of the figures is for whoever works on it; the file is for readers and holds all of one run.
if (wanted.length === 0) await writeFile(join(BENCH, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
// Not at once: what is still to be ended ends first.
process.exitCode = results.figures.every(({ met }) => met !== false) ? 0 : 1;

async function measure({ name, title, method, measure: measureFigure }) {
  process.stderr.write(`${title} ...\n`);
  const startedAtMs = performance.now();
  const figure = await measureFigure().catch((error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return { measured: `not measured: ${forReaders(error)}`, target: '', met: false };
  });
  return { name, title, method, ...figure, tookS: Math.round((performance.now() - startedAtMs) / 1000) };
}

/** The file is published: one line, and nothing of where this copy lies. The whole error stands on the screen. */
function forReaders(error) {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.replaceAll(`${ROOT}/`, '');
}

function machine() {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown', cores: `${cores.length} cores`, memory: `${Math.round(totalmem() / 1e9)} GB`,
    kernel: `${process.platform} ${release()}`, node: `Node ${process.version}`,
  };
}

/** The commit, and whether what was measured is exactly that. */
async function commit() {
  const git = async (...args) => (await run('git', ['-C', ROOT, ...args])).stdout.trim();
  try {
    const changed = await git('status', '--porcelain', '--untracked-files=no');
    return `${await git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : ' with changes'}`;
  } catch {
    return 'not under git';
  }
}

function printTable(figures) {
  const rows = [['figure', 'measured', 'target', ''], ...figures.map(({ title, measured, target, met }) => [title, measured, target, met === null ? '' : met ? 'met' : 'MISSED'])];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
}
