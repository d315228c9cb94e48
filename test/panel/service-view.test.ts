// What the page of a service says, as tables of situations.
import { describe, expect, test } from 'vitest';
import { healProofOf } from '../../supervisor/contract/heal-proof-of.ts';
import type { HealResult, Hold, Reason, Symptom } from '../../supervisor/contract/reason.ts';
import type { AlertSnapshot, ServiceSnapshot } from '../../supervisor/contract/snapshot.ts';
import { describeResult, describeSymptom } from '../../renderer/service/causes.ts';
import { describeCourse } from '../../renderer/service/course-view.ts';
import { describeHeal, healLines } from '../../renderer/service/heal-view.ts';
import { describeIncidentRow } from '../../renderer/service/incident-row-view.ts';
import { joinLog } from '../../renderer/service/log-lines.ts';
import { momentAhead, roughly } from '../../renderer/service/moments.ts';
import { describeNext } from '../../renderer/service/next-view.ts';
import { writeServiceText } from '../../renderer/service/service-text.ts';
import { describeBreaker, describeBudget, describeServicePage } from '../../renderer/service/service-view.ts';
import { describeStatistics } from '../../renderer/service/statistics-view.ts';
import { calmStatistics, healed, incident, proof, statistics } from './past-builders.ts';
import { ago, ahead, alert, check, delivery, heal, NOW_MS, service } from './snapshot-builders.ts';

const symptom: Symptom = { kind: 'check', check: 'tcp', target: '127.0.0.1:5432', evidence: 'connection refused' };
const inMs = (seconds: number): number => NOW_MS + seconds * 1_000;
const page = (differs: Partial<ServiceSnapshot> = {}, alerts: Parameters<typeof describeServicePage>[1] = []) => describeServicePage(service('postgres', { name: 'Postgres', ...differs }), alerts, NOW_MS);

describe('state', () => {
  test.each([
    ['up', 'Up'], ['degraded', 'Degraded'], ['down', 'Down'], ['healing', 'Being restarted'], ['unknown', 'Not known'], ['paused', 'Paused'], ['stopped', 'Stopped'],
  ] as const)('%s has the word "%s" beside its shape', (status, word) => expect(page({ status })).toMatchObject({ mark: status, word }));
  test('says since when, to the second, and how long ago', () => {
    expect(page({ since: ago(310) }).since).toEqual({ text: 'since 14:14:50', exact: '2026-11-22 14:14:50', ago: '5 min ago' });
    expect(page({ since: ago(90_000) }).since).toMatchObject({ text: 'since 21 Nov 13:20' });
    expect(page({ since: null }).since).toBeNull();
  });
  test('leads to the incident under way', () => {
    expect(page().incident).toBeNull();
    expect(page({ incident: { id: 'incident-1', since: ago(9) } }).incident).toBe('#/incident/incident-1');
  });
});

describe('what happens next', () => {
  const hold = (differs: Partial<Extract<Hold, { code: 'cooldown' }>> = {}): Hold => ({ code: 'cooldown', cooldownMs: 300_000, lastHealAtMs: inMs(-60), nextAtMs: inMs(240), ...differs });
  const open = { state: 'open', failures: 5, successes: 0, openUntil: ahead(42) } as const;
  const failed: HealResult = { kind: 'not-fixed', tookMs: 30_000, evidence: 'connection refused' };
  const held = (own: Hold): Reason => ({ code: 'held', symptom, hold: own });
  test.each<[string, Partial<ServiceSnapshot> & { why: Reason }, string[]]>([
    ['all is well', { why: { code: 'healthy', checks: 2 } }, ['Nothing to do.']],
    ['healed', { why: { code: 'healed', symptom, by: 'upkeep', atMs: inMs(-60), tookMs: 900 } }, ['Nothing to do.']],
    ['being restarted', { why: { code: 'healing', symptom, step: 'starting', by: 'upkeep' } }, ['It counts as up as soon as its checks pass.']],
    ['not checked yet', { why: { code: 'not-checked-yet' } }, ['Its first check is on its way.']],
    ['slow', { why: { code: 'slow', symptom } }, ['It serves, only slowly, so it is not restarted.']],
    ['nobody can tell', { why: { code: 'inconclusive', evidence: 'no route' } }, ['While nobody can tell, it is neither restarted nor reported.']],
    ['just woke', { why: { code: 'just-woke', nextAtMs: inMs(20) } }, ['It is judged again at 14:20:20, in 20 s.']],
    ['failing, not yet down', { why: { code: 'failing', symptom, failures: 2, threshold: 5 } }, ['After 3 more failed rounds it is restarted.']],
    ['failing, watched only', { manager: null, why: { code: 'failing', symptom, failures: 4, threshold: 5 } }, ['After 1 more failed round a person is told.']],
    ['failing, automatic restarts off', { heal: heal({ auto: false }), why: { code: 'failing', symptom, failures: 4, threshold: 5 } }, ['After 1 more failed round a person is told, since automatic restarts are off.']],
    ['exited', { why: { code: 'failing', symptom: { kind: 'exit', cause: { kind: 'signal', signal: 'SIGKILL' } }, failures: 1, threshold: 5 } }, ['Now it is restarted.']],
    ['recovering', { why: { code: 'recovering', passes: 1, threshold: 2 } }, ['After 1 more pass in a row it counts as up.']],
    ['cooldown, open breaker', { breaker: open, why: held(hold()) }, ['Next restart at 14:24:00, in 4 min, if it is still down.', 'Next check at 14:20:42, in 45 s.']],
    ['budget spent', { why: held({ code: 'budget-spent', used: 3, limit: 3, nextAtMs: inMs(720) }) }, ['Next restart at 14:32:00, in 12 min, if it is still down.']],
    ['no budget at all', { why: held({ code: 'budget-spent', used: 0, limit: 0, nextAtMs: null }) }, ['No automatic restart is allowed: restart it yourself.']],
    ['others are being restarted', { why: held({ code: 'heals-under-way', limit: 2, nextAtMs: null }) }, ['It is restarted as soon as another restart has ended.']],
    ['automatic restarts off', { why: held({ code: 'auto-off', nextAtMs: null }) }, ['Automatic restarts are off: restart it yourself.']],
    ['watched only', { why: held({ code: 'no-manager', nextAtMs: null }) }, ['Upkeep only watches it: start it yourself where it runs.']],
    ['restart failed, cooldown', { why: { code: 'heal-failed', symptom, by: 'upkeep', atMs: inMs(-60), result: failed, hold: hold() } }, ['Next restart at 14:24:00, in 4 min, if it is still down.']],
    ['restart failed, nothing in the way', { why: { code: 'heal-failed', symptom, by: 'upkeep', atMs: inMs(-60), result: failed, hold: null } }, ['It is restarted when its next check fails.']],
    ['a time that has come', { why: held(hold({ nextAtMs: inMs(-1) })) }, ['Next restart now, if it is still down.']],
    ['paused for a while', { why: { code: 'paused', untilMs: inMs(2_400) } }, ['It is looked after again at 15:00:00, in 40 min.']],
    ['paused for good', { why: { code: 'paused', untilMs: null } }, ['Nothing happens to it until you resume it.']],
    ['stopped', { why: { code: 'stopped-by-person' } }, ['Nothing happens to it until you start it.']],
  ])('%s', (_name, differs, expected) => expect(describeNext(service('a', differs), NOW_MS)).toEqual(expected));

  test.each([[86_000, 'at 23 Nov 14:13, in 24 h'], [300_000, 'at 26 Nov 01:40, in 3 days'], [3, 'at 14:20:03, in 5 s'], [0, 'now']])('%i s ahead is "%s"', (seconds, expected) => {
    expect(momentAhead(ahead(seconds), NOW_MS)).toBe(expected);
  });
  test.each([[4_000, '4 s'], [89_000, '89 s'], [90_000, '2 min'], [75_000_000, '21 h'], [200_000_000, '2 days']])('%i ms in one unit is %s', (ms, expected) => expect(roughly(ms)).toBe(expected));
});

describe('breaker', () => {
  const closed: ServiceSnapshot['breaker'] = { state: 'closed', failures: 0, successes: 4, openUntil: null };
  const healthy: Reason = { code: 'healthy', checks: 1 };
  test.each<[string, ServiceSnapshot['breaker'], Reason, { value: string; note: string | null }]>([
    ['closed', closed, healthy, { value: 'Closed', note: null }],
    ['failing', { ...closed, failures: 2 }, healthy, { value: 'Closed', note: '2 failed rounds in a row' }],
    ['open', { state: 'open', failures: 5, successes: 0, openUntil: ahead(10) }, healthy, { value: 'Open, next trial 14:20:10', note: '5 failed rounds in a row' }],
    ['open without an end', { state: 'open', failures: 1, successes: 0, openUntil: null }, healthy, { value: 'Open', note: '1 failed round in a row' }],
    ['trying', { state: 'half-open', failures: 5, successes: 1, openUntil: null }, { code: 'recovering', passes: 1, threshold: 2 }, { value: 'Trying: 1 of 2 passes', note: null }],
    ['trying, how many it takes is not said', { state: 'half-open', failures: 5, successes: 0, openUntil: null }, healthy, { value: 'Trying: no pass yet', note: null }],
  ])('%s', (_name, breaker, why, expected) => expect(describeBreaker({ breaker, why }, NOW_MS)).toEqual(expected));
});

describe('budget', () => {
  test.each<[string, Partial<ServiceSnapshot>, { value: string; note: string | null }]>([
    ['untouched', {}, { value: '3 of 3 restarts left', note: null }],
    ['one used', { heal: heal({ inLastHour: 1, resetsAt: ahead(3_000) }) }, { value: '2 of 3 restarts left, resets 15:10', note: null }],
    ['cooling down', { heal: heal({ inLastHour: 1, resetsAt: ahead(3_000), nextAllowedAt: ahead(130) }) }, { value: '2 of 3 restarts left, resets 15:10', note: 'cooldown: next one possible at 14:22:10, in 2 min' }],
    ['spent', { heal: heal({ inLastHour: 3, resetsAt: ahead(720), nextAllowedAt: ahead(720) }) }, { value: '0 of 3 restarts left, resets 14:32', note: null }],
    ['a person restarted beyond it', { heal: heal({ inLastHour: 5, resetsAt: ahead(720) }) }, { value: '0 of 3 restarts left, resets 14:32', note: null }],
    ['automatic restarts off', { heal: heal({ auto: false, inLastHour: 2 }) }, { value: 'Only by hand', note: '2 in the last hour' }],
    ['none allowed', { heal: heal({ maxPerHour: 0 }) }, { value: 'Only by hand', note: 'none per hour allowed' }],
    ['watched only', { manager: null, heal: heal({ auto: false }) }, { value: 'Watch only', note: null }],
  ])('%s', (_name, differs, expected) => expect(describeBudget(service('a', differs), NOW_MS)).toEqual(expected));
});

describe('checks', () => {
  test.each([
    [check(), { label: 'tcp 127.0.0.1:5432', mark: 'pass', word: 'passes', latency: '3 ms', evidence: null, at: { text: 'just now', exact: '2026-11-22 14:19:58' } }],
    [check({ type: 'http', target: 'http://127.0.0.1:1/x', latencyMs: 1_812, at: ago(61) }), { label: 'http://127.0.0.1:1/x', latency: '1.8 s', at: { text: '1 min ago' } }],
    [check({ ok: false, latencyMs: null, error: 'connection refused' }), { mark: 'fail', word: 'fails', latency: '–', evidence: 'connection refused' }],
    [check({ ok: null, latencyMs: null, error: 'no name server' }), { mark: 'open', word: 'could not run', evidence: 'no name server' }],
    [check({ ok: null, latencyMs: null, at: null }), { mark: 'open', word: 'not checked yet', at: null }],
  ])('%o', (given, expected) => expect(page({ checks: [given] }).checks[0]).toMatchObject(expected));
});

describe('what can be done', () => {
  test.each<[string, Partial<ServiceSnapshot>, Partial<ReturnType<typeof page>['acts']>]>([
    ['up', {}, { main: 'restart', canStop: true, canRestart: true, canResume: false, canOpen: false }],
    ['stopped', { status: 'stopped' }, { main: 'start', canStop: false }],
    ['watched only', { manager: null }, { main: 'check', canStop: false }],
    ['being restarted', { heal: heal({ underWay: { kind: 'heal', by: 'upkeep', startedAt: ago(1), steps: [] } }) }, { canRestart: false }],
    ['paused by itself', { paused: true }, { canResume: true }],
    ['with an address', { url: 'http://127.0.0.1/' }, { canOpen: true }],
  ])('%s', (_name, differs, expected) => expect(page(differs).acts).toMatchObject(expected));
});

describe('course of a restart', () => {
  const underWay = (differs: Partial<NonNullable<ServiceSnapshot['heal']['underWay']>> = {}) =>
    describeCourse(heal({ underWay: { kind: 'heal', by: 'upkeep', startedAt: ago(3), steps: [{ step: 'stopping', at: ago(3) }, { step: 'starting', at: ago(1.5) }], ...differs } }), NOW_MS);
  const stepsOf = (course: ReturnType<typeof underWay>) => (course.kind === 'under-way' ? course.steps.map(({ label, state, took }) => [label, state, took]) : []);

  test('every step with its time, what is to come, and the end', () => {
    expect(underWay()).toMatchObject({ title: 'Restarting' });
    expect(stepsOf(underWay())).toEqual([['Stopping', 'done', '1.5 s'], ['Starting', 'now', '1.5 s'], ['Verifying', 'ahead', ''], ['Up', 'ahead', '']]);
  });
  test('settling is shown where it happens', () => {
    const steps = [{ step: 'stopping', at: ago(3) }, { step: 'settling-after-stop', at: ago(2) }] as const;
    expect(stepsOf(underWay({ steps: [...steps] })).map(([label]) => label)).toEqual(['Stopping', 'Settling after the stop', 'Starting', 'Verifying', 'Up']);
  });
  test('before the first step is known, a restart stops and a start starts', () => {
    expect(stepsOf(underWay({ steps: [] }))[0]).toEqual(['Stopping', 'now', '3.0 s']);
    expect(stepsOf(underWay({ kind: 'launch', steps: [] }))).toEqual([['Starting', 'now', '3.0 s'], ['Verifying', 'ahead', ''], ['Up', 'ahead', '']]);
  });
  test('says who asked for it', () => expect(underWay({ kind: 'launch', by: 'person' })).toMatchObject({ title: 'Starting on request' }));
  test.each<[HealResult, string, string]>([
    [{ kind: 'fixed', tookMs: 1_420 }, 'good', 'Up again after 1.4 s.'],
    [{ kind: 'not-fixed', tookMs: 30_000, evidence: 'connection refused.' }, 'bad', 'Not up after 30 s: connection refused.'],
    [{ kind: 'refused', refusal: { code: 'needs-privilege', message: 'systemctl needs a password for system units. Use a user unit, or allow it in polkit.' } }, 'bad', 'Systemctl needs a password for system units. Use a user unit, or allow it in polkit.'],
    [{ kind: 'superseded' }, 'quiet', 'Something else took over.'],
    [{ kind: 'interrupted' }, 'bad', 'Upkeep was interrupted while it restarted it.'],
  ])('how the last one ended: %o', (result, mark, text) => {
    expect(describeCourse(heal({ last: { at: ago(60), by: 'upkeep', result } }), NOW_MS)).toMatchObject({ kind: 'over', mark, text, by: 'Upkeep', at: { text: '1 min ago' } });
  });
  test('there was none', () => expect(describeCourse(heal(), NOW_MS)).toEqual({ kind: 'none' }));
});

describe('alerts of the service', () => {
  const texts = (differs: Partial<AlertSnapshot>) => page({}, [alert('postgres', differs), alert('other')]).alerts.map(({ text }) => text);
  test.each<[Partial<AlertSnapshot>, string]>([
    [{ deliveries: [delivery('desktop')] }, 'Critical alert: desktop was told'],
    [{ deliveries: [] }, 'Critical alert: no channel is set up for it'],
    [{ level: 'warning', acknowledgedAt: ago(5), deliveries: [delivery('log')] }, 'Warning alert: acknowledged; log was told'],
    [{ snoozed: { until: ahead(900) }, deliveries: [delivery('log')] }, 'Critical alert: snoozed until 14:35:00; log was told'],
    [{ snoozed: { until: null }, deliveries: [delivery('log')] }, 'Critical alert: snoozed until it recovers; log was told'],
    [{ deliveries: [delivery('discord', { state: 'pending', attempts: 2, error: 'answered 502', nextTryAt: ahead(10) })] }, 'Critical alert: discord could not be told (answered 502), next try 14:20:10'],
    [{ deliveries: [delivery('discord', { state: 'pending', attempts: 0 }), delivery('desktop', { state: 'unavailable' })] }, 'Critical alert: discord is being told; desktop is not there'],
    [{ deliveries: [delivery('desktop', { state: 'waiting', nextTryAt: ahead(3_600) }), delivery('log', { state: 'suppressed' })] }, 'Critical alert: desktop waits until 15:20:00 (quiet hours); log is not told (your settings)'],
  ])('%o', (differs, expected) => expect(texts(differs)).toEqual([expected]));
});

describe('statistics', () => {
  test('stand in columns, in one unit, exact for the one who hovers', () => {
    const { windows, rows } = describeStatistics(statistics(), NOW_MS);
    expect(windows).toEqual(['24 h', '7 d', '30 d', '90 d']);
    expect(rows.map(({ label, values }) => [label, ...values.map(({ value }) => value)])).toEqual([
      ['Availability', '99.42 %', '99.89 %', '99.97 %', '99.98 %'], ['Down', '8 min', '11 min', '12 min', '21 min'], ['Not known', '84 min', '86 min', '88 min', '21 h'], ['Incidents', '2', '3', '5', '8'],
    ]);
    expect(rows[1]?.values[0]?.exact).toBe('7 min 52 s');
  });
  test('say how long it took, and what worked', () => {
    const { figures, causes } = describeStatistics(statistics(), NOW_MS);
    expect(figures.map(({ label, value, note }) => [label, value, note])).toEqual([
      ['Time to detect', '4.2 s', 'on average'], ['Time to heal', '9.8 s', 'on average, from the first symptom'], ['Longest outage', '5 min 10 s', 'it lasts'], ['Restarts that worked', '6 of 9', '66.6 %'], ['Alerts', '0.6', 'a week'],
    ]);
    expect(causes[0]).toEqual({ name: 'tcp check', value: '4 of 6', part: 4 / 6 });
  });
  test('of a service that never failed are calm', () => {
    const { rows, figures, causes } = describeStatistics(calmStatistics(), NOW_MS);
    expect(rows.map(({ values }) => values[0]?.value)).toEqual(['100 %', '0 s', '0 s', '0']);
    expect(figures.map(({ value, note }) => [value, note])).toEqual([['–', 'no incident'], ['–', 'none was healed'], ['–', 'there was none'], ['–', 'none was needed'], ['0', 'a week']]);
    expect(causes).toEqual([]);
  });
  test('where nothing is known, nothing is claimed', () => {
    const unknown = statistics({ windows: [{ window: '24h', availability: null, up: 0, down: 0, unknown: 86_400, incidents: 0 }] });
    expect(describeStatistics(unknown, NOW_MS).rows.map(({ values }) => values[0]?.value)).toEqual(['–', '–', '24 h', '0']);
  });
});

describe('heals with proof', () => {
  const view = (differs: Parameters<typeof healed>[2]) => describeHeal(healed('postgres', 60, differs), NOW_MS);
  test('what showed it, what was done when, how it was verified, what it cost', () => {
    expect(healProofOf(healed('postgres', 60))).not.toBeNull();
    expect(view({})).toEqual({
      key: 'attempt-1', mark: 'good', title: 'Restarted by Upkeep: up again after 1.4 s', at: expect.objectContaining({ text: '1 min ago' }) as unknown, by: 'Upkeep',
      facts: [
        { label: 'What showed it', value: 'The check tcp 127.0.0.1:5432' }, { label: 'Evidence', value: 'connection refused' }, { label: 'Done through', value: 'systemd' },
        { label: 'Verified', value: '2 of 3 rounds of its checks passed.' }, { label: 'Outcome', value: 'Up again after 1.4 s.' }, { label: 'Time lost', value: '3 min 12 s from the first symptom' },
      ],
      steps: [
        { key: '0 stopping', label: 'Stopping', at: '+0 ms', took: '310 ms' }, { key: '1 starting', label: 'Starting', at: '+310 ms', took: '170 ms' }, { key: '2 verifying', label: 'Verifying', at: '+480 ms', took: '940 ms' },
      ],
      log: proof().log, incident: '#/incident/incident-7',
    });
  });
  test.each<[Symptom, string]>([
    [{ kind: 'exit', cause: { kind: 'exit-code', code: 137 } }, 'It exited with code 137.'], [{ kind: 'exit', cause: { kind: 'signal', signal: 'SIGKILL' } }, 'It was killed by SIGKILL.'],
    [{ kind: 'exit', cause: { kind: 'out-of-memory' } }, 'It was killed because memory ran out.'], [{ kind: 'exit', cause: { kind: 'start-limit' } }, "It hit its service manager's start limit."],
    [{ kind: 'exit', cause: { kind: 'not-running' } }, 'It is not running.'], [{ kind: 'exit', cause: { kind: 'other', text: 'unit\nis masked.' } }, 'Unit is masked.'],
  ])('exit causes are words: %o', (given, expected) => expect(view({ symptom: given })?.facts[0]).toEqual({ label: 'What showed it', value: expected }));
  test("a person's restart of a healthy service has lost nothing", () => {
    const facts = view({ by: 'person', symptom: null, incident: null })?.facts ?? [];
    expect(facts[0]).toEqual({ label: 'Why', value: 'A person wanted it; nothing had failed.' });
    expect(facts.map(({ label }) => label)).not.toContain('Time lost');
  });
  test('one that failed, was refused or overtaken says so', () => {
    expect(view({ result: { kind: 'not-fixed', tookMs: 30_000, evidence: 'x' } })).toMatchObject({ mark: 'bad', title: 'Restarted by Upkeep: not up after 30 s: x' });
    expect(view({ result: { kind: 'superseded' } })).toMatchObject({ mark: 'quiet' });
    expect(view({ result: { kind: 'refused', refusal: { code: 'failed', message: 'no such unit' } }, verification: { rounds: 0, passed: 0 } })?.facts).toContainEqual({ label: 'Verified', value: 'No round of checks was run.' });
  });
  test('one of an earlier version has its sentence', () => {
    expect(describeHeal({ at: ago(60), type: 'heal.failed', service: 'a', reason: 'Not healed: x.' }, NOW_MS)).toMatchObject({ mark: 'bad', title: 'Not healed: x.', facts: [], steps: [] });
  });
  test('what is no end of a heal is none', () => expect(describeHeal({ at: ago(60), type: 'heal.started', service: 'a' }, NOW_MS)).toBeNull());
  test('evidence without an end is not left hanging', () => {
    expect(describeSymptom({ ...symptom, evidence: ' ' })).toBe('tcp 127.0.0.1:5432: no details');
    expect(describeResult({ kind: 'interrupted' })).toContain('interrupted');
  });
});

test.each([
  [{ outcome: 'open', ended: null, began: ago(310) }, ['bad', 'down for 5 min 10 s', 'not over after 1 restart']],
  [{}, ['good', 'was down for 3 min 12 s', 'healed after 1 restart']],
  [{ outcome: 'recovered', heals: 0 }, ['quiet', 'was down for 3 min 12 s', 'recovered by itself']],
] as const)('an incident in the list: %o', (differs, expected) => {
  const { mark, lasted, how } = describeIncidentRow(incident('incident-7', differs), NOW_MS);
  expect([mark, lasted, how]).toEqual(expected);
});

describe('a log that is followed', () => {
  test.each<[string, string[], string[], string[]]>([
    ['begins with what is there', [], ['a', 'b'], ['a', 'b']],
    ['grows at its end', ['a', 'b', 'c'], ['b', 'c', 'd'], ['a', 'b', 'c', 'd']],
    ['keeps the same line written again', ['a', 'x'], ['a', 'x', 'x'], ['a', 'x', 'x']],
    ['begins anew where nothing joins', ['a', 'b'], ['y', 'z'], ['y', 'z']],
    ['is emptied', ['a'], [], []],
  ])('%s', (_name, before, next, expected) => expect(joinLog(before, next)).toEqual(expected));
  test('is the same object while nothing is new, so nothing is drawn', () => {
    const before = ['a', 'b', 'c'];
    expect(joinLog(before, ['b', 'c'])).toBe(before);
  });
  test('remembers a thousand lines', () => {
    const before = Array.from({ length: 1_000 }, (_, index) => `line ${index}`);
    expect(joinLog(before, ['line 999', 'new'])).toEqual([...before.slice(1), 'new']);
  });
});

test('the whole state as a text that can be sent to somebody', () => {
  const given = service('postgres', {
    name: 'Postgres', status: 'down', since: ago(310), reason: 'Held: 3 of 3 restarts used in the last hour; next possible at 14:32.',
    why: { code: 'held', symptom, hold: { code: 'budget-spent', used: 3, limit: 3, nextAtMs: inMs(720) } },
    breaker: { state: 'open', failures: 9, successes: 0, openUntil: ahead(42) },
    heal: heal({ inLastHour: 3, resetsAt: ahead(720), nextAllowedAt: ahead(720), last: { at: ago(290), by: 'upkeep', result: { kind: 'not-fixed', tookMs: 30_000, evidence: 'connection refused' } } }),
    checks: [check({ ok: false, latencyMs: null, error: 'connection refused' })],
  });
  const text = writeServiceText({
    service: given, alerts: [alert('postgres', { deliveries: [delivery('desktop')] })], statistics: statistics(), incidents: [incident('incident-7')], heals: [healed('postgres', 3_808)], version: '0.2.0', nowMs: NOW_MS,
  });
  expect(text).toBe(`Postgres (postgres): Down since 2026-11-22 14:14:50
Held: 3 of 3 restarts used in the last hour; next possible at 14:32.
Next restart at 14:32:00, in 12 min, if it is still down.
Next check at 14:20:42, in 45 s.

As it stands
  Breaker: Open, next trial 14:20:42 (9 failed rounds in a row)
  Restarts: 0 of 3 restarts left, resets 14:32
  Managed by: systemd
  If it fails: critical alert
  Last restart 2026-11-22 14:15:10 by Upkeep: Not up after 30 s: connection refused.
  Critical alert: desktop was told

Checks
  tcp 127.0.0.1:5432: fails, 2026-11-22 14:19:58: connection refused

Statistics
  Availability: 99.42 % (24 h), 99.89 % (7 d), 99.97 % (30 d), 99.98 % (90 d)
  Down: 7 min 52 s (24 h), 11 min (7 d), 12 min 4 s (30 d), 20 min 30 s (90 d)
  Not known: 1 h 23 min (24 h), 1 h 25 min (7 d), 1 h 27 min (30 d), 20 h 46 min (90 d)
  Incidents: 2 (24 h), 3 (7 d), 5 (30 d), 8 (90 d)
  Time to detect: 4.2 s (on average)
  Time to heal: 9.8 s (on average, from the first symptom)
  Longest outage: 5 min 10 s (it lasts)
  Restarts that worked: 6 of 9 (66.6 %)
  Alerts: 0.6 (a week)
  Worked by cause: tcp check 4 of 6, signal 2 of 2, exit code 0 of 1

Incidents
  2026-11-22 13:13:20 was down for 3 min 12 s, healed after 1 restart: tcp 127.0.0.1:5432: connection refused

Restarts
  2026-11-22 13:16:32 Restarted by Upkeep: up again after 1.4 s
    What showed it: The check tcp 127.0.0.1:5432
    Evidence: connection refused
    Done through: systemd
    Verified: 2 of 3 rounds of its checks passed.
    Outcome: Up again after 1.4 s.
    Time lost: 3 min 12 s from the first symptom
    Steps: Stopping +0 ms, Starting +310 ms, Verifying +480 ms
    Last lines before:
      2026-11-22 13:13:20 LOG:  database system is shut down
      2026-11-22 13:13:21 PANIC:  could not write to file: No space left on device

Upkeep 0.2.0, 2026-11-22 14:20:00
`);
  expect(healLines({ key: 'a', mark: 'good', title: 'x', at: { iso: ago(0), text: '', exact: '' }, by: 'Upkeep', facts: [], steps: [], log: [], incident: null })).toEqual(['2026-11-22 14:20:00 x']);
});
