// The life of one service, told as timelines: what happens, and what comes of it.
import { describe, expect, test } from 'vitest';
import type { HealResult } from '../../supervisor/contract/reason.ts';
import { pauseIsOver, step } from '../../supervisor/domain/service.ts';
import { buildConfiguration, fixedCooldown, type ConfigurationOverrides, type ServiceOverrides } from '../builders/configuration.ts';
import { Machine, type Happening } from '../builders/machine.ts';
import { HOUR, MINUTE, mono, SECOND, wall } from '../builders/moment.ts';
import { KILLED, type RoundKind } from '../builders/round.ts';
import { buildContext, buildDown, buildHealthy, buildIntent } from '../builders/service-state.ts';

const service = 'web';
const round = (says: RoundKind): Happening => ({ type: 'round', service, says });
const rounds = (says: RoundKind, times: number): Happening[] => Array.from({ length: times }, () => round(says));
const wait = (ms: number): Happening => ({ type: 'wait', ms });
const ends = (result: HealResult['kind']): Happening => ({ type: 'act-ends', service, result });
const one = (type: 'exit' | 'restart' | 'start' | 'stop' | 'stop-fails' | 'pause' | 'resume' | 'wake' | 'reconsider'): Happening => ({ type, service });
const exit = one('exit');
const restart = one('restart');
const start = one('start');
const stop = one('stop');
const stopFails = one('stop-fails');
const pause = one('pause');
const resume = one('resume');
const wake = one('wake');
const reconsider = one('reconsider');
const killed: Happening = { type: 'killed' };

const machine = (policy: ServiceOverrides = {}, rest: ConfigurationOverrides = {}): Machine => new Machine(buildConfiguration({ services: [policy], ...rest }));
const watched = (): Machine => machine({ manager: null });
/** Heals whenever it may, with no cooldown in the way. */
const eager = (policy: ServiceOverrides = {}): Machine => machine({ ...policy, heal: { cooldown: fixedCooldown(0), maxPerHour: 100, ...policy.heal } });

describe('failing', () => {
  test('four rounds are not yet a reason to restart, the fifth is', () => {
    const web = machine().live(...rounds('fail', 4));
    expect(web.service()).toMatchObject({ verdict: 'degraded', breaker: { state: 'closed', failures: 4 }, intent: null });
    expect(web.live(round('fail')).service().intent).toMatchObject({ kind: 'heal', by: 'upkeep', step: 'stopping' });
    expect(web.typesTold()).toEqual(['service.degraded', 'breaker.opened', 'service.down', 'heal.started']);
  });

  test('an exit is a reason at once', () => {
    expect(machine().live(round('pass'), exit).typesTold()).toEqual(['service.up', 'breaker.opened', 'service.down', 'heal.started']);
  });

  test('an exit weighs as much as the failed rounds it takes to open the breaker, so that people are called as soon', () => {
    expect(machine({ breaker: { failureThreshold: 4 } }).live(exit).service().failedRounds).toBe(4);
    expect(watched().live(exit).typesTold()).toContain('alert.raised');
    expect(watched().live(round('fail'), exit, exit).service().failedRounds).toBe(6);
  });

  test('a slow round is degraded, and not a failed one', () => {
    const web = machine().live(...rounds('slow', 20));
    expect(web.service()).toMatchObject({ verdict: 'degraded', failedRounds: 0 });
    expect(web.typesTold()).toEqual(['service.degraded']);
  });

  test('what nobody can heal is down as soon as people are called, without waiting for the breaker', () => {
    const web = watched().live(...rounds('fail', 3));
    expect(web.service()).toMatchObject({ verdict: 'down', breaker: { state: 'closed', failures: 3 } });
    expect(web.typesTold()).toEqual(['service.degraded', 'service.down', 'alert.raised']);
  });

  test('what is down stays down until it has passed often enough, though healing becomes possible in between', () => {
    const web = machine({}, { alerts: { levels: { critical: { after: 2 } } } }).live(exit, ends('fixed'), ...rounds('fail', 2));
    expect(web.service().verdict).toBe('down');
    expect(web.live(wait(HOUR), round('fail')).service().verdict).toBe('down');
    expect(web.live(round('pass')).service().verdict).toBe('down');
    expect(web.live(round('pass')).service().verdict).toBe('up');
  });

  test('an inconclusive trial opens the breaker again until the next one: nothing is known, nothing is stuck', () => {
    const web = watched().live(...rounds('fail', 5), wait(MINUTE), round('unclear'));
    expect(web.service()).toMatchObject({ verdict: 'unknown', breaker: { state: 'open', untilMs: 2 * MINUTE } });
    expect(web.nextRoundAt()).toBe(2 * MINUTE);
  });

  test('the same hold is told once, not every round', () => {
    const web = machine({ heal: { auto: false } }).live(...rounds('fail', 9));
    expect(web.typesTold().filter((type) => type === 'heal.held')).toHaveLength(1);
  });
});

describe('a heal', () => {
  test('that works closes the breaker, and the service is up', () => {
    const web = machine().live(round('pass'), exit, wait(400), ends('fixed'));
    expect(web.service()).toMatchObject({ verdict: 'up', breaker: { state: 'closed', failures: 0 }, incident: null, intent: null, lastHeal: { endedMs: 400, result: { kind: 'fixed' } } });
    expect(web.typesTold().slice(-4)).toEqual(['heal.started', 'heal.succeeded', 'breaker.closed', 'service.up']);
  });

  test('says for how long the service was lost, from its first failed round', () => {
    const web = machine().live(...[0, 1, 2, 3, 4].flatMap(() => [round('fail'), wait(SECOND)]), ends('fixed'));
    expect(web.told.find(({ type }) => type === 'heal.succeeded')?.facts['lostMs']).toBe(5 * SECOND);
  });

  test.each(['not-fixed', 'refused', 'interrupted'] as const)('that ends %s opens the breaker again and is held by the cooldown', (result) => {
    const web = machine().live(exit, wait(SECOND), ends(result));
    expect(web.service()).toMatchObject({ verdict: 'down', intent: null, breaker: { state: 'open', untilMs: 61 * SECOND }, incident: { failedHeals: 1 }, toldHold: 'cooldown' });
    expect(web.typesTold().slice(-4)).toEqual(['heal.failed', 'breaker.opened', 'heal.held', 'alert.raised']);
  });

  test('that something else took over is over, and nothing is known', () => {
    expect(machine().live(exit, ends('superseded')).service()).toMatchObject({ verdict: 'unknown', intent: null });
  });

  test('the result of another attempt changes nothing', () => {
    const before = buildDown({ intent: buildIntent({ attempt: 'attempt-2' }) });
    const result = { kind: 'fixed', tookMs: 1 } as const;
    expect(step(before, { type: 'act-ended', attempt: 'attempt-1', result }, buildContext())).toEqual({ service: before, effects: [] });
    expect(step(before, { type: 'step-reached', attempt: 'attempt-1', step: 'verifying' }, buildContext())).toEqual({ service: before, effects: [] });
  });

  test('its steps are remembered, so that a restart of Upkeep knows where it was', () => {
    const before = buildDown({ intent: buildIntent({ attempt: 'attempt-2' }) });
    expect(step(before, { type: 'step-reached', attempt: 'attempt-2', step: 'verifying' }, buildContext()).service.intent?.step).toBe('verifying');
  });

  test('a failed round while it is verified begins the passes again and does not end it', () => {
    const web = machine().live(exit, round('pass'), round('fail'), round('pass'));
    expect(web.service()).toMatchObject({ intent: { kind: 'heal' }, breaker: { state: 'half-open', successes: 1 } });
  });

  test('an inconclusive round while it is verified changes nothing', () => {
    const web = machine().live(exit, round('pass'), round('unclear'));
    expect(web.service()).toMatchObject({ intent: { kind: 'heal' }, breaker: { state: 'half-open', successes: 1 } });
  });

  test('a second one is not begun while one is under way', () => {
    const web = eager().live(exit);
    const { attempt } = web.service().intent ?? {};
    web.live(restart, exit, reconsider, ...rounds('fail', 9));
    expect(web.service().intent?.attempt).toBe(attempt);
    expect(web.service().healTimes).toHaveLength(1);
  });

  test('one that waited for another service begins when that one ends', () => {
    const two = new Machine(buildConfiguration({ services: [{ id: 'a' }, { id: 'b' }], limits: { concurrentHeals: 1 } }));
    two.live({ type: 'exit', service: 'a' }, { type: 'exit', service: 'b' });
    expect(two.service('b')).toMatchObject({ intent: null, toldHold: 'heals-under-way' });
    two.live({ type: 'act-ends', service: 'a', result: 'fixed' });
    expect(two.service('b').intent).toMatchObject({ kind: 'heal', by: 'upkeep' });
  });
});

describe('the cooldown of a service', () => {
  const doubling = (): Machine => eager({ heal: { cooldown: { fromMs: 10 * SECOND, toMs: 60 * SECOND } } }).live(exit, ends('not-fixed'), wait(10 * SECOND), exit, ends('fixed'));

  test('goes on doubling when the service was well for less than ten minutes', () => {
    expect(doubling().live(round('pass'), wait(10 * MINUTE - 1), exit, ends('not-fixed')).service().cooldownMs).toBe(40 * SECOND);
  });

  test.each<{ name: string; between: Happening[] }>([
    { name: 'nothing else happens', between: [] },
    { name: 'a round at its end is inconclusive', between: [round('unclear')] },
    { name: 'the machine sleeps at its end', between: [wake, wait(30 * SECOND)] },
    { name: 'Upkeep is killed at its end', between: [killed] },
  ])('begins anew after ten minutes of health when $name', ({ between }) => {
    expect(doubling().live(round('pass'), wait(10 * MINUTE), ...between, exit, ends('not-fixed')).service().cooldownMs).toBe(10 * SECOND);
  });

  test('does not begin anew after a pause in which the service was heard to exit', () => {
    expect(doubling().live(pause, exit, wait(10 * MINUTE), restart, ends('fixed')).service().cooldownMs).toBe(40 * SECOND);
  });

  test('begins anew also when what ends a long health is a person\'s restart that fails', () => {
    expect(doubling().live(round('pass'), wait(10 * MINUTE), restart, ends('refused')).service().cooldownMs).toBe(10 * SECOND);
  });

  test('is kept by a heal that a person has ended with a stop', () => {
    const web = machine().live(exit, wait(SECOND), stop, start, ends('fixed'), exit);
    expect(web.service()).toMatchObject({ intent: null, toldHold: 'cooldown', lastHeal: { endedMs: SECOND } });
  });
});

describe('a person', () => {
  test('restarts a healthy service without any trouble being told', () => {
    expect(machine().live(round('pass'), restart, ends('fixed')).typesTold()).toEqual(['service.up', 'heal.started', 'heal.succeeded']);
  });

  test('restarts though cooldown and budgets are against it', () => {
    const web = machine({ heal: { maxPerHour: 0 } }, { limits: { healsPerHour: 0 } }).live(exit, restart);
    expect(web.service()).toMatchObject({ intent: { by: 'person', kind: 'heal' }, healTimes: [0] });
    expect(web.state.healTimes).toEqual([0]);
  });

  test('stops a service, and it stays stopped whatever is heard of it and however often Upkeep starts', () => {
    const web = machine().live(round('pass'), stop, exit, ...rounds('fail', 9), wake, killed, reconsider);
    expect(web.service()).toMatchObject({ stopped: true, verdict: 'unknown', intent: null, failedRounds: 0 });
    expect(web.typesTold()).toEqual(['service.up', 'service.stopped']);
  });

  test('starts it again, which is no heal', () => {
    const web = machine().live(stop, start, ends('fixed'));
    expect(web.service()).toMatchObject({ stopped: false, verdict: 'up', healTimes: [], lastHeal: null });
    expect(web.typesTold()).toContain('service.started');
  });

  test('a start that fails is trouble like any other', () => {
    const web = machine().live(stop, start, ends('refused'));
    expect(web.service()).toMatchObject({ verdict: 'down', intent: { kind: 'heal', by: 'upkeep' } });
    expect(web.service().symptom).toEqual({ kind: 'exit', cause: { kind: 'other', text: expect.stringContaining('needs a password') as string } });
  });

  test('a stop that failed leaves the service supervised', () => {
    const web = machine().live(round('pass'), stop, stopFails, ...rounds('fail', 5));
    expect(web.service()).toMatchObject({ stopped: false, intent: { kind: 'heal' } });
  });
});

describe('a pause', () => {
  test('forgets what was counted, so that failures from before and after it are not added up', () => {
    const web = machine().live(...rounds('fail', 4), pause, wait(HOUR), resume, round('fail'));
    expect(web.service()).toMatchObject({ failedRounds: 1, intent: null, breaker: { state: 'closed', failures: 1 } });
  });

  test('of everything forgets it just the same', () => {
    const web = machine().live(...rounds('fail', 4), { type: 'pause-all' }, wait(HOUR), { type: 'resume-all' }, round('fail'));
    expect(web.service()).toMatchObject({ failedRounds: 1, intent: null, breaker: { state: 'closed', failures: 1 } });
  });

  test('does not heal, and neither does an exit in the middle of it', () => {
    expect(machine().live(pause, exit, ...rounds('dead', 5), reconsider).service().intent).toBeNull();
  });

  test('that never was is not ended', () => {
    expect(machine().live(resume).typesTold()).toEqual([]);
  });

  test.each<{ name: string; happenings: Happening[] }>([
    { name: 'a pause', happenings: [pause, wait(2 * HOUR), resume] },
    { name: 'a pause of everything', happenings: [{ type: 'pause-all' }, wait(2 * HOUR), { type: 'resume-all' }] },
  ])('after $name nobody is reminded of old trouble before a round has seen it again', ({ happenings }) => {
    const web = watched().live(...rounds('fail', 6), ...happenings, reconsider);
    expect(web.typesTold()).not.toContain('alert.repeated');
    expect(web.live(round('fail')).typesTold()).toContain('alert.repeated');
  });

  test.each([
    { name: 'is over at its end', untilMs: 1_000, wallMs: 1_000, over: true },
    { name: 'is not over before', untilMs: 1_000, wallMs: 999, over: false },
    { name: 'without an end is never over', untilMs: null, wallMs: 1e15, over: false },
  ])('$name', ({ untilMs, wallMs, over }) => {
    expect(pauseIsOver({ untilWallMs: untilMs === null ? null : wall(untilMs) }, wall(wallMs))).toBe(over);
  });
});

describe('sleep', () => {
  test('forgets what was counted and gives everything a moment before it is healed', () => {
    const web = machine().live(...rounds('fail', 4), wake, round('fail'));
    expect(web.service()).toMatchObject({ failedRounds: 1, intent: null });
    expect(web.live(...rounds('fail', 4)).service()).toMatchObject({ intent: null, toldHold: 'just-woke' });
    expect(web.live(wait(30 * SECOND), round('fail')).service().intent).toMatchObject({ kind: 'heal' });
  });

  test('says that nothing is known', () => {
    expect(machine().live(round('pass'), wake).typesTold()).toEqual(['service.up', 'service.unknown']);
  });

  test('leaves a heal under way alone', () => {
    expect(machine().live(exit, wake).service().intent).toMatchObject({ kind: 'heal' });
  });
});

describe('a restart of Upkeep', () => {
  test('keeps an open breaker with its times', () => {
    const web = watched().live(...rounds('fail', 5), wait(SECOND), killed);
    expect(web.service()).toMatchObject({ verdict: 'down', breaker: { state: 'open', sinceMs: 0, untilMs: MINUTE } });
  });

  test('keeps the attempt it was in the middle of', () => {
    const web = machine().live(exit, killed);
    expect(web.service().intent).toMatchObject({ kind: 'heal', by: 'upkeep' });
  });

  test('knows nothing of a service that was well', () => {
    expect(machine().live(round('pass'), killed).service().verdict).toBe('unknown');
  });

  test('does not turn doubt into trouble', () => {
    const web = watched().live(...rounds('fail', 5), round('unclear'), killed, wait(2 * HOUR), reconsider);
    expect(web.service().verdict).toBe('unknown');
    expect(web.typesTold()).not.toContain('alert.repeated');
  });
});

test('a result from before something made it worthless changes nothing', () => {
  const before = buildHealthy({ generation: 7 });
  const stale = { type: 'round-ended', generation: 6, records: [], verdict: { verdict: 'down', symptom: { kind: 'exit', cause: KILLED }, conclusive: true, inconclusive: null } } as const;
  expect(step(before, stale, buildContext({ now: { mono: mono(5), wall: wall(5) } }))).toEqual({ service: before, effects: [] });
});
