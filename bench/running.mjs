// What the bench starts and has to end: programs, an instance of Upkeep, temporary folders. Measures nothing.
// Nothing outlives the bench, also when it is interrupted: whatever is left is asked to end when the process exits.
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const BENCH = dirname(fileURLToPath(import.meta.url));
export const ROOT = join(BENCH, '..');
export const program = (name) => join(BENCH, 'programs', name);

const START_WITHIN_MS = 30_000;
/** Upkeep gives its services up to 8 s of their own before it kills them. */
const END_WITHIN_MS = 15_000;

const running = new Set();
const folders = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) process.on(signal, () => process.exit(code));

/** Runs `use` with an empty folder that is gone afterwards. */
export async function inTemporaryFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-bench-'));
  folders.add(folder);
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    folders.delete(folder);
  }
}

/** Resolves as the promise does; rejects with a sentence that names `what` when the time is over. */
export async function within(ms, what, promise) {
  const over = new AbortController();
  try {
    return await Promise.race([promise, delay(ms, undefined, { signal: over.signal }).then(() => { throw new Error(`Waited ${ms} ms in vain for ${what}.`); })]);
  } finally {
    over.abort();
  }
}

/** Keeps the books about a child: `end` asks it to end, kills it when it doesn't, and resolves when it is gone. */
function keep(child) {
  running.add(child);
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => { running.delete(child); resolve({ code, signal }); }));
  return {
    child, ended,
    async end(signal = 'SIGTERM', withinMs = END_WITHIN_MS) {
      if (running.has(child)) child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
      const result = await ended;
      clearTimeout(timer);
      return result;
    },
  };
}

/** Starts a Node program of bench/programs as it would be started by hand. */
export const startProgram = (name, ...args) => keep(spawn(process.execPath, [program(name), ...args], { stdio: 'ignore' }));

/** Starts any command, with this added to the environment. */
export const startCommand = (command, args, env) => keep(spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } }));

/** Starts any command that listens on stdin and answers on stdout. */
export const startTalker = (command, args, env) => keep(spawn(command, args, { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } }));

/** Starts a Node program and speaks with it; resolves once it has said that it is ready. */
export async function startPartner(file, argument) {
  // A bundle in a temporary folder finds there what it leaves outside.
  const env = { ...process.env, NODE_PATH: join(ROOT, 'node_modules') };
  const kept = keep(fork(file, [JSON.stringify(argument)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env }));
  const nextMessage = (what) => within(START_WITHIN_MS, what, Promise.race([
    new Promise((resolve) => kept.child.once('message', resolve)),
    kept.ended.then(() => { throw new Error(`${file} has ended.`); }),
  ]));
  await nextMessage(`${file} to start`);
  return {
    ...kept,
    tell: (ask) => kept.child.send({ ask }),
    ask(ask) {
      kept.child.send({ ask });
      return nextMessage(`an answer to "${ask}"`);
    },
  };
}

/** `upkeep watch --json` as it ships, over a folder of its own; resolves when it supervises. */
export async function startUpkeep(folder, configuration) {
  const file = join(folder, 'services.json');
  writeFileSync(file, JSON.stringify(configuration));
  const kept = keep(spawn(process.execPath, [join(ROOT, 'dist', 'cli.cjs'), 'watch', '--json', '--config', file], {
    stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, UPKEEP_HOME: join(folder, 'home') },
  }));
  const events = [];
  const waiting = new Set();
  createInterface({ input: kept.child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line));
    for (const look of waiting) look();
  });
  const instance = {
    ...kept, pid: kept.child.pid, events,
    /** The first event from number `from` on that matches. */
    waitForEvent(what, matches, from = 0, withinMs = START_WITHIN_MS) {
      let look;
      const found = new Promise((resolve, reject) => {
        look = () => {
          const event = events.slice(from).find(matches);
          if (event !== undefined) resolve(event);
        };
        waiting.add(look);
        look();
        void kept.ended.then(() => reject(new Error(`Upkeep has ended while the bench waited for ${what}.`)));
      });
      return within(withinMs, what, found).finally(() => waiting.delete(look));
    },
  };
  await instance.waitForEvent('Upkeep to start', ({ type }) => type === 'supervisor.started');
  return instance;
}

/** The bed's own eyes and hands are written in TypeScript; the bundle lies in `folder`. */
export async function importDesktop(folder) {
  const outfile = join(folder, 'desktop.mjs');
  await build({ absWorkingDir: ROOT, entryPoints: ['test/bed/desktop.ts'], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  return await import(pathToFileURL(outfile));
}

/** The process and all below it, parents first. */
export function descendants(rootPid) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return [{ pid: Number(name), parentPid: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]), command: readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0'), executable: readlinkSync(`/proc/${name}/exe`) }];
    } catch {
      return []; // Another user's, or ended in between.
    }
  });
  const found = all.filter(({ pid }) => pid === rootPid);
  for (const parent of found) found.push(...all.filter(({ parentPid }) => parentPid === parent.pid));
  return found.map((process) => ({ ...process, command: process.command.join(' ') }));
}

/** Free loopback ports below the ones the system gives to outgoing connections: a prober must not connect to itself. */
export async function freePorts(count) {
  const ports = [];
  for (let port = 20_000 + Math.floor(Math.random() * 8_000); ports.length < count; port += 1) if (await isFree(port)) ports.push(port);
  return ports;
}

const isFree = (port) => new Promise((resolve) => {
  const server = createServer().once('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
});
