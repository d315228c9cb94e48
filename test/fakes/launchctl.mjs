#!/usr/bin/env node
// A launchctl for machines without one: really starts and ends processes, and answers as macOS documents and as seen on macOS 14.
// Loaded jobs are JSON files in $FAKE_LAUNCHD_FOLDER; each running one has a keeper (this program again) in launchd's place.
// Knows bootstrap, bootout, kickstart [-k], kill, print and version, and of a property list the six keys that the tests use.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const folder = process.env.FAKE_LAUNCHD_FOLDER;
mkdirSync(folder, { recursive: true });
const KEEP_ALIVE_THROTTLE_MS = 10_000;
const LOOK_MS = 10;

// ---- Jobs on disk ----------------------------------------------------------------------------------------------------------------

const fileOf = (label) => join(folder, `${label}.json`);
const read = (label) => (existsSync(fileOf(label)) ? JSON.parse(readFileSync(fileOf(label), 'utf8')) : null);

function write(job) {
  const file = `${fileOf(job.label)}.${process.pid}`;
  writeFileSync(file, JSON.stringify(job));
  renameSync(file, fileOf(job.label));
}
/** Changes a job that is still loaded. */
function change(label, changes) {
  const job = read(label);
  if (job !== null) write({ ...job, ...changes });
}

const runs = (pid) => {
  try {
    return pid > 1 && readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1][0] !== 'Z';
  } catch {
    return false;
  }
};
/** To the job's process group, as launchd clears what a job leaves behind. */
const signalJob = (pid, signal) => {
  if (!(pid > 1)) return;
  try { process.kill(-pid, signal); } catch { /* Gone already. */ }
};

function parsePlist(text) {
  const valueOf = (key) => new RegExp(`<key>${key}</key>\\s*(<array>[\\s\\S]*?</array>|<[^>]*/>|<string>[^<]*</string>)`).exec(text)?.[1] ?? '';
  const strings = (value) => [...value.matchAll(/<string>([^<]*)<\/string>/g)].map(([, string]) => string);
  return {
    label: strings(valueOf('Label'))[0], argv: strings(valueOf('ProgramArguments')),
    stdout: strings(valueOf('StandardOutPath'))[0] ?? null, stderr: strings(valueOf('StandardErrorPath'))[0] ?? null,
    runAtLoad: valueOf('RunAtLoad') === '<true/>', keepAlive: valueOf('KeepAlive') === '<true/>',
  };
}

// ---- Answers ---------------------------------------------------------------------------------------------------------------------

function fail(code, line) {
  console.error(line);
  process.exit(code);
}
function notFound(target) {
  const [domain, uid] = target.split('/');
  fail(113, `Could not find service "${target.split('/').at(-1)}" in domain for ${domain === 'system' ? 'system' : `user ${domain}: ${uid}`}`);
}
function checkPrivilege(target, what) {
  if (target.startsWith('system') && process.env.FAKE_LAUNCHD_ROOT !== '1') fail(1, `${what} failed: 1: Operation not permitted`);
}

function print(target) {
  const job = read(target.split('/').at(-1)) ?? notFound(target);
  const alive = runs(job.pid);
  const state = alive ? job.state : job.scheduled ? 'spawn scheduled' : 'not running';
  console.log([
    `${target} = {`, `\tactive count = ${alive ? 1 : 0}`, `\tpath = ${job.path}`, '\ttype = LaunchAgent', `\tstate = ${state}`, '',
    `\tprogram = ${job.argv[0]}`, '\targuments = {', ...job.argv.map((argument) => `\t\t${argument}`), '\t}', '',
    ...(job.stdout === null ? [] : [`\tstdout path = ${job.stdout}`]), ...(job.stderr === null ? [] : [`\tstderr path = ${job.stderr}`]),
    '\tinherited environment = {', '\t\tstate = not the state of the job', '\t}', '',
    `\tminimum runtime = ${KEEP_ALIVE_THROTTLE_MS / 1_000}`, '\texit timeout = 5', `\truns = ${job.runs}`, ...(alive ? [`\tpid = ${job.pid}`] : []),
    ...(job.lastSignal === null ? [`\tlast exit code = ${job.lastCode ?? '(never exited)'}`] : [`\tlast terminating signal = ${job.lastSignal}`]),
    '}',
  ].join('\n'));
}

// ---- Acts ------------------------------------------------------------------------------------------------------------------------

async function launch(label) {
  const before = read(label).runs;
  spawn(process.execPath, [fileURLToPath(import.meta.url), 'keep', label], { detached: true, stdio: 'ignore' }).unref();
  while (read(label)?.runs === before) await wait(LOOK_MS);
}

async function bootstrap(domain, plist) {
  checkPrivilege(domain, 'Bootstrap');
  if (!existsSync(plist)) fail(2, `Bootstrap failed: 2: No such file or directory`);
  const job = parsePlist(readFileSync(plist, 'utf8'));
  if (read(job.label) !== null) fail(5, 'Bootstrap failed: 5: Input/output error');
  write({ ...job, path: plist, pid: 0, keeper: 0, state: 'running', scheduled: false, runs: 0, lastCode: null, lastSignal: null });
  if (job.runAtLoad || job.keepAlive) await launch(job.label);
}

/** Ends what runs: SIGTERM, and SIGKILL never before the job's exit timeout, which no test waits for. Nobody writes the job's file afterwards. */
async function end(label) {
  // The keeper comes first: it notes the end of its process, and so would write the file of a job that was unloaded or started again meanwhile.
  const { keeper } = read(label);
  if (runs(keeper)) process.kill(keeper, 'SIGKILL');
  while (runs(keeper)) await wait(LOOK_MS);
  const { pid } = read(label);
  signalJob(pid, 'SIGTERM');
  while (runs(pid)) await wait(LOOK_MS);
  signalJob(pid, 'SIGKILL');
}

/** Stays loaded until its process has ended. */
async function bootout(target) {
  const label = target.split('/').at(-1);
  const job = read(label) ?? fail(3, 'Boot-out failed: 3: No such process');
  checkPrivilege(target, 'Boot-out');
  write({ ...job, state: 'SIGTERMed', leaving: true, scheduled: false });
  await end(label);
  rmSync(fileOf(label), { force: true });
}

async function kickstart(target, restart) {
  const label = target.split('/').at(-1);
  const job = read(label) ?? notFound(target);
  checkPrivilege(target, 'Kickstart');
  if (runs(job.pid)) {
    if (!restart) return;
    change(label, { state: 'SIGTERMed', kicked: true });
  }
  await end(label);
  change(label, { state: 'running', kicked: false, scheduled: false });
  await launch(label);
}

function kill(signal, target) {
  const job = read(target.split('/').at(-1)) ?? notFound(target);
  if (!runs(job.pid)) fail(3, 'No process to signal.');
  process.kill(job.pid, signal);
}

/** One run of a job, and the next one where KeepAlive says so: what launchd itself does. */
async function keep(label) {
  const job = read(label);
  const startedAtMs = performance.now();
  const [stdout, stderr] = [job.stdout, job.stderr].map((file) => (file === null ? 'ignore' : openSync(file, 'a')));
  const child = spawn(job.argv[0], job.argv.slice(1), { detached: true, stdio: ['ignore', stdout, stderr] });
  const exit = new Promise((resolve) => {
    child.once('exit', (code, signal) => { resolve({ lastCode: code, lastSignal: signal }); });
    child.once('error', () => { resolve({ lastCode: 78, lastSignal: null }); });
  });
  change(label, { pid: child.pid ?? 0, keeper: process.pid, state: 'running', runs: job.runs + 1 });
  const { lastCode, lastSignal } = await exit;
  signalJob(child.pid, 'SIGKILL');
  const now = read(label);
  if (now === null || now.pid !== (child.pid ?? 0)) return;
  const again = job.keepAlive && !now.leaving && !now.kicked;
  change(label, { lastCode: lastCode === 78 ? '78: EX_CONFIG' : lastCode, lastSignal: { SIGKILL: 'Killed: 9', SIGTERM: 'Terminated: 15' }[lastSignal] ?? null, scheduled: again });
  if (!again) return;
  await wait(Math.max(0, KEEP_ALIVE_THROTTLE_MS - (performance.now() - startedAtMs)));
  if (read(label)?.scheduled) await keep(label);
}

const [act, ...rest] = process.argv.slice(2);
if (act === 'version') console.log('Darwin Bootstrapper Version 7.0.0: Wed Jun  5 19:34:15 PDT 2024; root:libxpc_executables-2679.140.1~2/launchd/RELEASE_ARM64E');
else if (act === 'print') print(rest[0]);
else if (act === 'bootstrap') await bootstrap(rest[0], rest[1]);
else if (act === 'bootout') await bootout(rest[0]);
else if (act === 'kickstart') await kickstart(rest.at(-1), rest[0] === '-k');
else if (act === 'kill') kill(rest[0], rest[1]);
else if (act === 'keep') await keep(rest[0]);
else fail(64, `Unrecognized subcommand: ${act}`);
