// Figures: what 50 HTTP checks every 5 s cost, and whether targets that hang take the others' time.
import { setTimeout as delay } from 'node:timers/promises';
import { cpuSeconds, memoryMb, round, mean } from '../numbers.mjs';
import { freePorts, inTemporaryFolder, program, startPartner, startUpkeep } from '../running.mjs';

const SERVICES = 50;
const HANGING = 5;
const INTERVAL_MS = 5_000;
const WARM_UP_MS = 10_000;
const WINDOW_MS = 60_000;
const TARGET = { corePct: 1, rssMb: 90, deviationPct: 5 };

const SETTING = `Headless \`watch\` over ${SERVICES} watched services, each one HTTP check on a port of its own every ${INTERVAL_MS / 1000} s; all of them are answered by one other process. `
  + `${WARM_UP_MS / 1000} s of warm-up, then ${WINDOW_MS / 1000} s are measured. `;

export const fiftyChecks = {
  name: 'fifty-checks',
  title: `${SERVICES} HTTP checks every ${INTERVAL_MS / 1000} s`,
  method: `${SETTING}CPU: user + system time of the process (/proc/PID/stat) over the window, as part of one core. Memory: VmRSS at the end and the most it ever was (VmHWM); PSS counts shared pages by share.`,
  async measure() {
    const { corePct, memory } = await watchServices(0);
    const seen = `${corePct} % of a core; RSS ${memory.rssMb} MB, most ${memory.peakRssMb} MB, PSS ${memory.pssMb} MB`;
    return { corePct, ...memory, measured: seen, target: `at most ${TARGET.corePct} % of a core, ${TARGET.rssMb} MB RSS`, met: corePct <= TARGET.corePct && memory.rssMb <= TARGET.rssMb };
  },
};

export const hangingTargets = {
  name: 'hanging-targets',
  title: `the same, ${HANGING} of them hang`,
  method: `${SETTING}${HANGING} of the services accept a connection and never answer; their breakers are kept from opening, so that they are asked, and hang for the whole time-out of 5 s, all the time. `
    + `The answering process notes when each of the other ${SERVICES - HANGING} is asked. Deviation of the mean interval and of the worst single gap, from ${INTERVAL_MS} ms, of the service where it is largest.`,
  async measure() {
    const { corePct, memory, arrivals, hangs } = await watchServices(HANGING);
    const gaps = arrivals.map((times) => times.slice(1).map((time, index) => time - times[index]));
    if (gaps.some((ofOne) => ofOne.length < WINDOW_MS / INTERVAL_MS - 2)) throw new Error('A healthy service was asked too seldom to judge its interval.');
    const deviationPct = (gapMs) => (Math.abs(gapMs - INTERVAL_MS) / INTERVAL_MS) * 100;
    const meanPct = round(Math.max(...gaps.map((ofOne) => deviationPct(mean(ofOne)))), 2);
    const gapPct = round(Math.max(...gaps.flat().map(deviationPct)), 2);
    return {
      worstMeanDeviationPct: meanPct, worstGapDeviationPct: gapPct, worstGapMs: round(Math.max(...gaps.flat())), hangsBegun: hangs, corePct, ...memory,
      measured: `mean interval off by at most ${meanPct} %, single gap by at most ${gapPct} %; ${hangs} hangs; ${corePct} % of a core, RSS ${memory.rssMb} MB`,
      target: `at most ${TARGET.deviationPct} % off`, met: meanPct <= TARGET.deviationPct && gapPct <= TARGET.deviationPct,
    };
  },
};

async function watchServices(hangingCount) {
  const ports = await freePorts(SERVICES);
  const hanging = ports.slice(0, hangingCount);
  const answering = ports.slice(hangingCount);
  const targets = await startPartner(program('many-targets.mjs'), { answering, hanging });
  try {
    return await inTemporaryFolder(async (folder) => {
      const upkeep = await startUpkeep(folder, {
        version: 1,
        defaults: { interval: `${INTERVAL_MS}ms` },
        services: Object.fromEntries(ports.map((port) => [`on-${port}`, {
          checks: [{ type: 'http', url: `http://127.0.0.1:${port}/health` }],
          ...(hanging.includes(port) ? { breaker: { failureThreshold: 1000 }, severity: 'info' } : {}),
        }])),
        alerts: { levels: { critical: { to: ['log'] }, info: { to: ['log'] } } },
      });
      try {
        await delay(WARM_UP_MS);
        targets.tell('begin');
        const before = { cpuS: cpuSeconds(upkeep.pid), atMs: performance.now() };
        await delay(WINDOW_MS);
        const corePct = round(((cpuSeconds(upkeep.pid) - before.cpuS) / ((performance.now() - before.atMs) / 1000)) * 100, 2);
        const memory = memoryMb(upkeep.pid);
        const { arrivals } = await targets.ask('report');
        return { corePct, memory, arrivals: answering.map((port) => arrivals[port]), hangs: hanging.reduce((sum, port) => sum + arrivals[port].length, 0) };
      } finally {
        await upkeep.end();
      }
    });
  } finally {
    await targets.end();
  }
}
