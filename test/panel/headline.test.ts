// The one sentence about the machine, as a table of situations.
import { describe, expect, test } from 'vitest';
import type { Hold, Reason, Symptom } from '../../supervisor/contract/reason.ts';
import type { ServiceSnapshot, Snapshot } from '../../supervisor/contract/snapshot.ts';
import type { LinkState } from '../../renderer/bridge.ts';
import { describeHeadline, type HeadlineView } from '../../renderer/overview/headline.ts';
import { ago, ahead, heal, NOW_MS, service, snapshot, variedSnapshot } from './snapshot-builders.ts';

const headline = (given: Snapshot, link: LinkState = { kind: 'hosting' }): HeadlineView => describeHeadline({ link, snapshot: given, nowMs: NOW_MS });
const AT_1432 = NOW_MS + 720_000;
const symptom: Symptom = { kind: 'check', check: 'tcp', target: '127.0.0.1:5432', evidence: 'connection refused.' };
const held = (hold: Hold): Reason => ({ code: 'held', symptom, hold });
const down = (differs: Partial<ServiceSnapshot> = {}): ServiceSnapshot => service('postgres', {
  name: 'Postgres', status: 'down', since: ago(310), why: held({ code: 'cooldown', cooldownMs: 300_000, lastHealAtMs: NOW_MS - 100_000, nextAtMs: AT_1432 }),
  heal: heal({ inLastHour: 2, nextAllowedAt: ahead(720) }), ...differs,
});
const up = (...ids: string[]) => ids.map((id) => service(id));

describe('all is well', () => {
  test.each<[string, readonly ServiceSnapshot[], string, string]>([
    ['twelve', Array.from({ length: 12 }, (_, index) => service(`s${index}`)), 'All 12 services are up', 'Nothing to do.'],
    ['two', up('a', 'b'), 'Both services are up', 'Nothing to do.'],
    ['the only one', [service('a', { name: 'API' })], 'API is up', 'Nothing to do.'],
    ['one was healed', [service('a'), service('b', { name: 'Worker', heal: heal({ last: { at: ago(600), by: 'upkeep', result: { kind: 'fixed', tookMs: 900 } } }) })], 'Both services are up', 'Nothing to do. Worker was restarted at 14:10 and came back.'],
    ['a person restarted one', [service('a'), service('b', { heal: heal({ last: { at: ago(600), by: 'person', result: { kind: 'fixed', tookMs: 900 } } }) })], 'Both services are up', 'Nothing to do.'],
    ['a person paused one and stopped one', [...up('a', 'b'), service('c', { status: 'paused' }), service('d', { status: 'stopped' })], '2 of 4 services are up; 1 paused, 1 stopped', 'Nothing to do.'],
  ])('%s', (_name, services, sentence, detail) => expect(headline(snapshot(services))).toEqual({ mark: 'up', sentence, detail, concerned: [], more: 0 }));
});

describe('one is down: what was done, what comes next, and when', () => {
  test.each<[string, Partial<ServiceSnapshot>, string]>([
    ['restarted, waits for the cooldown', {}, 'Postgres is down; restarted 2 of 3 times this hour, next try 14:32'],
    ['budget spent', { why: held({ code: 'budget-spent', used: 3, limit: 3, nextAtMs: AT_1432 }), heal: heal({ inLastHour: 3, nextAllowedAt: ahead(720) }) }, 'Postgres is down; restarted 3 of 3 times this hour, next try 14:32'],
    ['not restarted yet', { heal: heal() }, 'Postgres is down; next try in a moment'],
    ['the time of the next try has come', { heal: heal({ inLastHour: 1, nextAllowedAt: ago(1) }) }, 'Postgres is down; restarted 1 of 3 times this hour, next try in a moment'],
    ['only watched', { manager: null, heal: heal({ auto: false }) }, 'Postgres is down; Upkeep only watches it, restart it yourself'],
    ['healing is off', { heal: heal({ auto: false }) }, 'Postgres is down; automatic restarts are off, restart it yourself'],
    ['no restarts allowed', { heal: heal({ maxPerHour: 0 }) }, 'Postgres is down; no automatic restarts are allowed, restart it yourself'],
    ['another one is restarted first', { why: held({ code: 'heals-under-way', limit: 1, nextAtMs: null }), heal: heal() }, 'Postgres is down; next try when another restart has ended'],
    ['the budget of the machine is spent', { why: held({ code: 'machine-budget-spent', used: 10, limit: 10, nextAtMs: AT_1432 }) }, "Postgres is down; the 10 restarts of this machine's hour are used, next try 14:32"],
    ['it passes again', { why: { code: 'recovering', passes: 1, threshold: 2 } }, 'Postgres is coming back'],
  ])('%s', (_name, differs, sentence) => expect(headline(snapshot([...up('a'), down(differs)]))).toMatchObject({ mark: 'down', sentence }));

  test('below it stands what shows it, since when, and other trouble', () => {
    expect(headline(snapshot([down()])).detail).toBe('tcp 127.0.0.1:5432: connection refused. Down since 14:14.');
    expect(headline(snapshot([down({ why: { code: 'failing', symptom: { kind: 'exit', cause: { kind: 'signal', signal: 'SIGKILL' } }, failures: 1, threshold: 3 } })])).detail).toBe('It was killed by SIGKILL. Down since 14:14.');
    const slow = service('search', { name: 'Search', status: 'degraded', why: { code: 'slow', symptom } });
    expect(headline(snapshot([down(), slow])).detail).toMatch(/Down since 14:14[.] Besides, Search is slow[.]$/);
    expect(headline(variedSnapshot()).detail).toMatch(/Besides, 1 is being restarted and 1 is degraded[.]$/);
  });
});

describe('other trouble', () => {
  test.each<[string, Partial<ServiceSnapshot>, string, string]>([
    ['being restarted', { status: 'healing', why: { code: 'healing', symptom, step: 'stopping', by: 'upkeep' } }, 'Postgres is being restarted', 'healing'],
    ['restarted by a person', { status: 'healing', heal: heal({ underWay: { kind: 'heal', by: 'person', startedAt: ago(1), steps: [] } }) }, 'Postgres is being restarted, as you asked', 'healing'],
    ['slow', { status: 'degraded', why: { code: 'slow', symptom } }, 'Postgres is slow', 'degraded'],
    ['failing, but not sure yet', { status: 'degraded', why: { code: 'failing', symptom, failures: 2, threshold: 3 } }, 'Postgres is failing, 2 of 3 times so far', 'degraded'],
  ])('%s', (_name, differs, sentence, mark) => expect(headline(snapshot([...up('a'), down(differs)]))).toMatchObject({ mark, sentence }));

  test('several are counted, the first named with links, and the earliest next try is told', () => {
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((id, index) => service(id, { status: 'down', heal: heal({ nextAllowedAt: ahead(720 + index * 60) }) }));
    expect(headline(snapshot([...many, ...up('g')]))).toEqual({
      mark: 'down', sentence: '6 of 7 services are down; next try 14:32', detail: '', more: 2,
      concerned: ['a', 'b', 'c', 'd'].map((id) => ({ id, name: id })),
    });
    expect(headline(snapshot(many)).sentence).toBe('All 6 services are down; next try 14:32');
  });
});

describe('neither well nor ill', () => {
  test.each<[string, Snapshot, LinkState | undefined, Partial<HeadlineView>]>([
    ['just started', snapshot([service('a', { status: 'unknown' }), service('b', { status: 'unknown' })]), undefined, { mark: 'unknown', sentence: 'Both services are not known yet' }],
    ['one is not known', snapshot([...up('a', 'b'), service('c', { status: 'unknown' })]), undefined, { mark: 'unknown', sentence: '2 of 3 services are up; 1 not known yet' }],
    ['the only one is stopped', snapshot([service('a', { status: 'stopped', reason: 'Stopped; stays stopped until you start it.' })]), undefined, { mark: 'stopped', sentence: 'a is stopped', detail: 'Stopped; stays stopped until you start it.' }],
    ['all paused for a while', snapshot([service('a', { status: 'paused' })], { paused: true, pausedUntil: ahead(720) }), undefined, { mark: 'paused', sentence: 'Everything is paused until 14:32' }],
    ['all paused for good', snapshot([service('a', { status: 'paused' })], { paused: true }), undefined, { mark: 'paused', sentence: 'Everything is paused until you resume' }],
    ['no services', snapshot([]), undefined, { mark: 'off', sentence: 'There is nothing to look after yet' }],
    ['Upkeep is lost, which may supervise all the same', variedSnapshot(), { kind: 'lost', message: 'It is asked again.' }, { mark: 'off', sentence: 'Upkeep does not answer', detail: 'It is asked again. What follows was known at 14:20.' }],
    ['nobody supervises', variedSnapshot(), { kind: 'failed', message: 'No port.' }, { mark: 'off', sentence: 'Nobody supervises at the moment', detail: 'No port. Upkeep tries again every few seconds by itself. What follows was known at 14:20.' }],
    ['wrong configuration', variedSnapshot(), { kind: 'invalid', message: 'x', issues: [] }, { mark: 'off', sentence: 'Nothing is supervised at the moment' }],
    ['the page has ended', variedSnapshot(), { kind: 'ended', message: 'Run upkeep panel again.' }, { sentence: 'This page has ended', detail: 'Run upkeep panel again. What follows was known at 14:20.' }],
  ])('%s', (_name, given, link, expected) => expect(headline(given, link)).toMatchObject(expected));
});
