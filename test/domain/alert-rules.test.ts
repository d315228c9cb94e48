// The rules about telling people, whatever happens to the machine and in whatever order.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { begunInTheHourBefore, healsOf } from '../builders/heals.ts';
import { histories, lived, whatever } from '../builders/histories.ts';
import type { Machine } from '../builders/machine.ts';
import { HOUR, MINUTE } from '../builders/moment.ts';
import type { Snooze, SupervisorState } from '../../supervisor/domain/state.ts';

/** Whether cooldown and budgets, counted from what was told, would have let a heal begin at that moment. */
function couldHaveHealed(machine: Machine, service: string, nowMs: number): boolean {
  const { manager, heal } = machine.policy(service);
  const heals = healsOf(machine).filter(({ beganMs }) => beganMs <= nowMs);
  const own = heals.filter((healed) => healed.service === service);
  // What begins in the same millisecond may come after the alert: only what has ended by then counts.
  const lastEndMs = own.findLast(({ endedMs }) => endedMs !== null && endedMs <= nowMs)?.endedMs ?? null;
  const cooled = lastEndMs === null || nowMs - lastEndMs >= heal.cooldown.toMs;
  const roomy = begunInTheHourBefore(own, nowMs) < heal.maxPerHour && begunInTheHourBefore(heals, nowMs) < machine.configuration.limits.healsPerHour;
  return manager !== null && heal.auto && cooled && roomy;
}

/** Everybody is well again, quiet hours are over, and every channel takes what it is given. */
function endWell(machine: Machine): Machine {
  const { services } = machine.configuration;
  machine.live({ type: 'resume-all' });
  for (const { id } of services) {
    machine.live({ type: 'resume', service: id }, { type: 'stop-fails', service: id }, { type: 'act-ends', service: id, result: 'superseded' });
    for (let round = 0; round < 4; round += 1) machine.live({ type: 'round', service: id, says: 'pass' });
  }
  machine.live({ type: 'wait', ms: 8 * HOUR });
  for (let turn = 0; turn < 40; turn += 1) machine.live({ type: 'answer', channel: 'desktop', answer: 'accepted' }, { type: 'answer', channel: 'log', answer: 'accepted' }, { type: 'wait', ms: MINUTE });
  return machine;
}

describe('an alert', () => {
  test('is never raised while a heal of the service is under way or still possible, unless one has failed already', () => {
    whatever((machine) => {
      for (const { told, after, at } of machine.moments) {
        for (const { type, service } of told) {
          if (type !== 'alert.raised' || (after.services[service]?.incident?.failedHeals ?? 0) > 0) continue;
          expect(after.services[service]?.intent).toBeNull();
          expect(couldHaveHealed(machine, service, at.mono)).toBe(false);
        }
      }
    });
  });

  test('is never raised about a service that is not down, is paused or is stopped', () => {
    whatever((machine) => {
      for (const { told, after } of machine.moments) {
        for (const { type, service } of told) {
          if (type !== 'alert.raised' && type !== 'alert.repeated') continue;
          const { verdict, pause, stopped } = after.services[service] ?? {};
          expect({ verdict, pause, stopped, paused: after.pause }).toEqual({ verdict: 'down', pause: null, stopped: false, paused: null });
        }
      }
    });
  });

  test('is not repeated once a person knows of it, nor while it is snoozed', () => {
    whatever((machine) => {
      for (const { told, before, happening } of machine.moments) {
        for (const { type, service, at } of told) {
          if (type !== 'alert.repeated') continue;
          const alert = before.alerts.find((one) => one.service === service && one.phase === 'active');
          expect(alert?.acknowledgedMs ?? null).toBeNull();
          const untilMs = alert?.snooze === null ? -Infinity : (alert?.snooze?.untilWallMs ?? Infinity);
          expect(at.wall).toBeGreaterThanOrEqual(untilMs);
          expect(happening.type).not.toBe('acknowledge');
        }
      }
    });
  });

  test('that was snoozed is repeated as soon as the snooze is over, if the service is still down and nothing is under way', () => {
    whatever((machine) => {
      for (const { after, at } of machine.moments) {
        for (const { service, phase, snooze } of after.alerts) {
          if (phase !== 'active' || snooze?.untilWallMs === undefined || snooze.untilWallMs === null || at.wall < snooze.untilWallMs) continue;
          const { verdict, intent = null, pause = null, stopped } = after.services[service] ?? {};
          expect(verdict === 'down' && intent === null && pause === null && stopped === false && after.pause === null).toBe(false);
        }
      }
    });
  });

  test('that the desktop may not show is not handed to it, and every other channel is not touched by that', () => {
    whatever((machine) => {
      let level = 'all';
      let quiet = { untilMs: -Infinity, exceptCritical: false };
      for (const { happening, handed, after, at } of machine.moments) {
        if (happening.type === 'loudness') {
          ({ level } = happening);
          quiet = { untilMs: at.wall + happening.quietForMs, exceptCritical: happening.exceptCritical };
        }
        for (const { channel, notice, level: severity } of handed) {
          if (channel !== 'desktop') continue;
          if (notice !== 'resolved') expect(level === 'all' || level === severity).toBe(true);
          expect(at.wall >= quiet.untilMs || (quiet.exceptCritical && severity === 'critical' && notice !== 'fixed')).toBe(true);
        }
        const others = after.alerts.flatMap(({ deliveries }) => deliveries.filter(({ channel }) => channel !== 'desktop'));
        expect(others.filter(({ state }) => state === 'waiting' || state === 'suppressed')).toEqual([]);
      }
    });
  });

  test('is never raised twice for one trouble, nor repeated before its time', () => {
    whatever((machine) => {
      for (const { id, severity } of machine.configuration.services) {
        let announcedMs: number | null = null;
        const snoozeOf = ({ alerts }: SupervisorState): Snooze | null => alerts.find(({ service, phase }) => service === id && phase === 'active')?.snooze ?? null;
        for (const { type, at, snooze } of machine.moments.flatMap(({ told, before }) => told.filter(({ service }) => service === id).map((one) => ({ ...one, snooze: snoozeOf(before) })))) {
          if (type === 'alert.raised') expect(announcedMs).toBeNull();
          if (type === 'alert.repeated' && snooze === null) expect(at.mono - (announcedMs ?? at.mono)).toBeGreaterThanOrEqual(machine.configuration.alerts.levels[severity].repeatMs);
          if (type === 'alert.resolved') expect(announcedMs).not.toBeNull();
          if (type === 'alert.raised' || type === 'alert.repeated') announcedMs = at.mono;
          if (type === 'alert.resolved') announcedMs = null;
        }
      }
    });
  });

  test('is over as soon as the service is well or stopped', () => {
    whatever((machine) => {
      for (const { after } of machine.moments) {
        for (const { service, phase } of after.alerts) {
          const { stopped = false, incident = null, verdict } = after.services[service] ?? {};
          if (stopped || (incident === null && (verdict === 'up' || verdict === 'degraded'))) expect(phase).not.toBe('active');
        }
      }
    });
  });

  test('is resolved exactly once to every channel that has taken it, and never to one that has not, whatever is acknowledged, snoozed or kept quiet', () => {
    fc.assert(fc.property(histories(), (history) => {
      const { handed, state } = endWell(lived(history));
      expect(state.alerts).toEqual([]);
      const accepted = new Map<string, { told: boolean; resolved: number }>();
      for (const { alert, channel, notice, answer } of handed) {
        const key = `${alert} to ${channel}`;
        const count = accepted.get(key) ?? { told: false, resolved: 0 };
        accepted.set(key, count);
        if (notice === 'resolved') expect(count.told, `${key}: told of the trouble before it is told of its end`).toBe(true);
        // A channel that cannot work here is not tried again, and has heard enough.
        if (notice === 'resolved' && answer !== 'failed') count.resolved += 1;
        if ((notice === 'raised' || notice === 'repeated') && answer === 'accepted') count.told = true;
      }
      for (const [key, { told, resolved }] of accepted) expect(resolved, key).toBe(told ? 1 : 0);
    }), { numRuns: 100 });
  });
});

describe('a heal that works', () => {
  test('is told once as a notice and never as an alert, as long as nothing stands against healing', () => {
    const mended = histories({ manager: { type: 'process' }, heal: { auto: true, cooldown: { fromMs: 0, toMs: 0 }, maxPerHour: 3_600 } }).map(({ configuration, happenings }) => ({
      configuration: { ...configuration, limits: { ...configuration.limits, healsPerHour: 100_000, concurrentHeals: 3 } },
      happenings: happenings.map((happening) => (happening.type === 'act-ends' ? { ...happening, result: 'fixed' as const } : happening)),
    }));
    fc.assert(fc.property(mended, (history) => {
      const { told, moments } = lived(history);
      expect(told.filter(({ type }) => type.startsWith('alert.'))).toEqual([]);
      const notices = new Set(moments.flatMap(({ after }) => after.alerts.filter(({ phase }) => phase === 'notice').map(({ id }) => id)));
      const mostly = told.filter(({ type, facts, service }) => type === 'heal.succeeded' && facts['by'] === 'upkeep' && history.configuration.services.some(({ id, severity }) => id === service && severity !== 'info'));
      expect(notices.size).toBe(mostly.length);
    }), { numRuns: 100 });
  });
});
