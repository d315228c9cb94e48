// Figure: from `kill -9` of a service to HTTP 200 from its successor, beside what the same program needs to start by itself.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { round, summary } from '../numbers.mjs';
import { firstAnswer, POLL_EVERY_MS } from '../prober.mjs';
import { freePorts, inTemporaryFolder, program, ROOT, startProgram, startUpkeep } from '../running.mjs';

const run = promisify(execFile);
const RUNS = 20;
const OVERHEAD_TARGET_MS = 60;
const SYSTEMD_INTERVAL_MS = 250;
const UNIT = 'upkeep-bench.service';
const BED_LIMIT_MS = 150_000;

const METHOD = `A small Node HTTP server that answers its process id is killed with SIGKILL ${RUNS} times; a prober in the bench's own process asks it `
  + `every ${POLL_EVERY_MS} ms, each time over a new connection, until an answer 200 comes from another process. Before each kill the same program is started by hand on another port and probed in the same way: `
  + 'its own start. Overhead = median of kill to serving - median of own start. cooldown 0s, no limit reached.';

export const recoveryWithProcess = {
  name: 'recovery-process',
  title: 'kill -9 to serving, process',
  method: METHOD,
  async measure() {
    const trials = await inTemporaryFolder((folder) => runTrials(folder, (port) => ({
      served: { checks: [check(port)], manager: { type: 'process', command: [process.execPath, program('answers-its-pid.mjs'), String(port)] } },
    })));
    const figures = summarize(trials);
    return { ...figures, target: `overhead at most ${OVERHEAD_TARGET_MS} ms`, met: figures.overheadMs <= OVERHEAD_TARGET_MS };
  },
};

export const recoveryWithSystemd = {
  name: 'recovery-systemd',
  title: 'kill -9 to serving, systemd --user',
  method: `${METHOD} The service is a unit of a real systemd --user without Restart= and without a start limit (20 kills in half a minute are no crash loop here), in test/bed. Upkeep finds out by its rounds, so half of their interval (${SYSTEMD_INTERVAL_MS} ms) is part of the overhead; hence no target.`,
  async measure() {
    const figures = summarize(await inTemporaryFolder(async (folder) => {
      // The bed has its own /tmp; what the trials inside write to BED_ARTIFACTS arrives in the folder.
      await run('bash', [join(ROOT, 'test', 'bed', 'with-systemd-user.sh'), process.execPath, fileURLToPath(import.meta.url)], { timeout: BED_LIMIT_MS, env: { ...process.env, BED_ARTIFACTS: folder } });
      return JSON.parse(await readFile(join(folder, 'trials.json'), 'utf8'));
    }));
    return { ...figures, target: 'none', met: null };
  },
};

const check = (port) => ({ type: 'http', url: `http://127.0.0.1:${port}/` });

async function runTrials(folder, servicesOn) {
  const [port, ownPort] = await freePorts(2);
  const services = await servicesOn(port);
  const upkeep = await startUpkeep(folder, {
    version: 1,
    defaults: { heal: { cooldown: '0s', maxPerHour: 1000 } },
    limits: { healsPerHour: 1000 },
    // A fix is told, as it would be, only not to the desktop of whoever runs the bench.
    alerts: { levels: { critical: { to: ['log'] } } },
    services,
  });
  try {
    const trials = { recoveryMs: [], ownStartMs: [], upkeepTookMs: [] };
    let { pid } = await firstAnswer(port);
    await upkeep.waitForEvent('the service to be up', ({ type }) => type === 'service.up');
    for (let trial = 0; trial < RUNS; trial += 1) {
      trials.ownStartMs.push(await ownStartMs(ownPort));
      const eventsBefore = upkeep.events.length;
      const killedAtMs = performance.now();
      process.kill(pid, 'SIGKILL');
      const successor = await firstAnswer(port, pid);
      pid = successor.pid;
      trials.recoveryMs.push(successor.atMs - killedAtMs);
      await upkeep.waitForEvent('the heal to end', ({ type }) => type === 'heal.succeeded', eventsBefore);
      await upkeep.waitForEvent('the service to be up again', ({ type }) => type === 'service.up', eventsBefore);
    }
    return trials;
  } finally {
    await upkeep.end();
  }
}

async function ownStartMs(port) {
  const startedAtMs = performance.now();
  const started = startProgram('answers-its-pid.mjs', String(port));
  try {
    return (await firstAnswer(port)).atMs - startedAtMs;
  } finally {
    await started.end();
  }
}

function summarize({ recoveryMs, ownStartMs: own }) {
  const recovery = summary(recoveryMs);
  const ownStart = summary(own);
  return {
    recoveryMs: recovery, ownStartMs: ownStart, overheadMs: round(recovery.median - ownStart.median),
    measured: `median ${recovery.median} ms, p95 ${recovery.p95} ms; own start ${ownStart.median} ms, p95 ${ownStart.p95} ms; overhead ${round(recovery.median - ownStart.median)} ms`,
  };
}

/** What runs inside the bed. */
async function trialsInsideBed() {
  const units = join(homedir(), '.config', 'systemd', 'user');
  mkdirSync(units, { recursive: true });
  const trials = await inTemporaryFolder((folder) => runTrials(folder, async (port) => {
    writeFileSync(join(units, UNIT), `[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=${process.execPath} ${program('answers-its-pid.mjs')} ${port}\nStandardOutput=null\n`);
    await run('systemctl', ['--user', 'start', UNIT]);
    return { served: { interval: `${SYSTEMD_INTERVAL_MS}ms`, checks: [check(port)], manager: { type: 'systemd', unit: UNIT, scope: 'user' } } };
  }));
  await run('systemctl', ['--user', 'stop', UNIT]);
  writeFileSync(join(process.env.BED_ARTIFACTS, 'trials.json'), JSON.stringify(trials));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await trialsInsideBed();
