// Runs real rounds through the real gate one after the other without any pause, against one port, and reports how many passed.
// The engine around them (breakers, state, journal) is left out: it is idle when nothing changes.
import { createCheckGate } from '../../supervisor/check-gate.ts';
import { resolveConfiguration } from '../../supervisor/contract/configuration.ts';
import { CHECKS, servicesSchema } from '../../supervisor/plugins.ts';
import { bindCheck, runRound } from '../../supervisor/round.ts';
import { systemClock } from '../../supervisor/system/clock.ts';

const task: unknown = JSON.parse(process.argv[2] ?? '');
const { services, limits } = resolveConfiguration(servicesSchema.parse(task));
const gate = createCheckGate(limits.concurrentChecks);
const clock = systemClock();
const counts = { passed: 0, failed: 0 };

for (const configuration of services) {
  const checks = configuration.checks.map((spec) => bindCheck(spec, CHECKS, (text) => text));
  const timedOut = new Set<(typeof checks)[number]>();
  const repeat = async (): Promise<never> => {
    for (;;) {
      const { records } = await runRound({ configuration, checks, manager: null, gate, clock, timedOut, signal: new AbortController().signal });
      for (const { ok } of records) counts[ok === true ? 'passed' : 'failed'] += 1;
    }
  };
  void repeat();
}

process.on('message', () => process.send?.({ ...counts, atMs: performance.now(), cpuMs: cpuMs() }));
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
