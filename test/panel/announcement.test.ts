// What a screen reader is told when states change.
import { describe, expect, test } from 'vitest';
import type { ServiceStatus } from '../../supervisor/contract/snapshot.ts';
import { announceChanges, announceLink, type Told } from '../../renderer/announcement.ts';
import { ago, heal, service } from './snapshot-builders.ts';

const by = (actor: 'upkeep' | 'person') => heal({ underWay: { kind: 'heal', by: actor, startedAt: ago(1), steps: [] } });
/** The states of "Postgres", one snapshot after the other, and what is said after each. */
const said = (...statuses: (ServiceStatus | 'healing by hand')[]) => {
  let told: Told = null;
  return statuses.map((given) => {
    const status = given === 'healing by hand' ? 'healing' : given;
    const next = announceChanges(told, [service('a', { name: 'Postgres', status, heal: status === 'healing' ? by(given === 'healing' ? 'upkeep' : 'person') : heal() }), service('b')]);
    told = next.told;
    return next.text;
  });
};

describe('one service', () => {
  test.each<[string, Parameters<typeof said>, ReturnType<typeof said>]>([
    ['down once, up again once', ['up', 'down', 'down', 'up', 'up'], [null, 'Postgres is down.', null, 'Postgres is up again.', null]],
    ['healed at once', ['up', 'healing', 'healing', 'up'], [null, 'Postgres has failed and is being restarted.', null, 'Postgres is up again.']],
    ['restarted in vain', ['up', 'down', 'healing', 'down', 'healing', 'up'], [null, 'Postgres is down.', null, null, null, 'Postgres is up again.']],
    ['a restart that did not help', ['up', 'healing', 'down', 'up'], [null, 'Postgres has failed and is being restarted.', 'Postgres is down.', 'Postgres is up again.']],
    ['what stood there when the page opened is not told', ['down', 'down', 'up'], [null, null, 'Postgres is up again.']],
    ['what a person does is told by its outcome', ['up', 'healing by hand', 'up', 'paused', 'up', 'stopped', 'up'], [null, null, null, null, null, null, null]],
    ['slow is no matter for the ear', ['up', 'degraded', 'up'], [null, null, null]],
    ['between down and up', ['up', 'down', 'unknown', 'degraded', 'up'], [null, 'Postgres is down.', null, null, 'Postgres is up again.']],
  ])('%s', (_name, statuses, expected) => expect(said(...statuses)).toEqual(expected));
});

test('many at once are one sentence', () => {
  const all = (status: ServiceStatus, count: number) => Array.from({ length: count }, (_, index) => service(`s${index}`, { status }));
  expect(announceChanges(new Map(), all('down', 2)).text).toBe('s0 and s1 are down.');
  expect(announceChanges(new Map(), all('down', 5)).text).toBe('5 services are down; the first is s0.');
  expect(announceChanges(new Map(all('up', 3).map(({ id }) => [id, 'down'])), all('up', 3)).text).toBe('3 services are up again; the first is s0.');
});

test.each([[undefined, true, null], [true, true, null], [true, false, 'Upkeep no longer answers.'], [false, true, 'Upkeep supervises again.']])('the link from %s to %s', (was, is, expected) => {
  expect(announceLink(was, is)).toBe(expected);
});
