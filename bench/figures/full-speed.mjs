// Figure: how many HTTP checks a second Upkeep can make on loopback at most, and what a whole instance does with 1,000 a second.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from 'esbuild';
import { cpuSeconds, memoryMb, round } from '../numbers.mjs';
import { freePorts, inTemporaryFolder, program, ROOT, startPartner, startUpkeep } from '../running.mjs';

const TARGET_PER_S = 1_000;
const AT_ONCE = 64;
const INSTANCE = { services: 250, intervalMs: 250 };
const WARM_UP_MS = 3_000;
const WINDOW_MS = 10_000;

export const fullSpeed = {
  name: 'full-speed',
  title: 'HTTP checks a second, loopback',
  method: `Most: a program made of Upkeep's own rounds, HTTP check and check gate keeps ${AT_ONCE} services going without a pause between their rounds, each check on a connection of its own, all against one other process; `
    + `checks that passed per second of ${WINDOW_MS / 1000} s after ${WARM_UP_MS / 1000} s of warm-up. Breakers, state and journal are not in it. `
    + `Whole instance: headless \`watch\` over ${INSTANCE.services} services with interval ${INSTANCE.intervalMs} ms, so ${INSTANCE.services * 1000 / INSTANCE.intervalMs} checks a second are wanted; requests that arrived per second, and CPU time and RSS of the process.`,
  async measure() {
    const most = await measureMost();
    const instance = await measureInstance();
    return {
      ...most, instance,
      measured: `most ${most.checksPerS}; whole instance ${instance.checksPerS} of ${INSTANCE.services * 1000 / INSTANCE.intervalMs} wanted, with ${instance.corePct} % of a core, RSS ${instance.rssMb} MB`,
      target: `at least ${TARGET_PER_S}`, met: most.checksPerS >= TARGET_PER_S,
    };
  },
};

const servicesOn = (ports, interval) => ({
  version: 1,
  defaults: { interval },
  services: Object.fromEntries(ports.map((port, index) => [`number-${index}`, { checks: [{ type: 'http', url: `http://127.0.0.1:${port}/health` }] }])),
  alerts: { levels: { critical: { to: ['log'] } } },
});

async function measureMost() {
  const [port] = await freePorts(1);
  const target = await startPartner(program('many-targets.mjs'), { answering: [port], hanging: [] });
  try {
    return await inTemporaryFolder(async (folder) => {
      const bundle = join(folder, 'full-speed.cjs');
      await build({
        absWorkingDir: ROOT, entryPoints: [program('full-speed.ts')], outfile: bundle, bundle: true, platform: 'node', format: 'cjs',
        target: 'node18.15', mainFields: ['module', 'main'], external: ['libsql', 'node-notifier'], logLevel: 'error',
      });
      const checker = await startPartner(bundle, servicesOn(Array(AT_ONCE).fill(port), '10s'));
      try {
        await delay(WARM_UP_MS);
        const before = await checker.ask('report');
        await delay(WINDOW_MS);
        const after = await checker.ask('report');
        if (after.failed > 0) throw new Error(`${after.failed} checks failed at full speed.`);
        const tookMs = after.atMs - before.atMs;
        return { checksPerS: Math.round((after.passed - before.passed) / (tookMs / 1000)), corePct: round(((after.cpuMs - before.cpuMs) / tookMs) * 100) };
      } finally {
        await checker.end();
      }
    });
  } finally {
    await target.end();
  }
}

async function measureInstance() {
  const ports = await freePorts(INSTANCE.services);
  const targets = await startPartner(program('many-targets.mjs'), { answering: ports, hanging: [] });
  try {
    return await inTemporaryFolder(async (folder) => {
      const upkeep = await startUpkeep(folder, servicesOn(ports, `${INSTANCE.intervalMs}ms`));
      try {
        await delay(WARM_UP_MS);
        targets.tell('begin');
        const before = { cpuS: cpuSeconds(upkeep.pid), atMs: performance.now() };
        await delay(WINDOW_MS);
        const { arrivals } = await targets.ask('report');
        const tookS = (performance.now() - before.atMs) / 1000;
        const count = Object.values(arrivals).reduce((sum, times) => sum + times.length, 0);
        return { checksPerS: Math.round(count / tookS), corePct: round(((cpuSeconds(upkeep.pid) - before.cpuS) / tookS) * 100), ...memoryMb(upkeep.pid) };
      } finally {
        await upkeep.end();
      }
    });
  } finally {
    await targets.end();
  }
}
