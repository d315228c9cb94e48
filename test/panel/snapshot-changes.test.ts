// A page is told what has changed instead of everything again, and knows the same in the end.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyChanges, changesSince } from '../../supervisor/contract/snapshot-changes.ts';
import { STATUSES } from '../../supervisor/contract/snapshot.ts';
import { service, snapshot } from './snapshot-builders.ts';

test('of many services only those that have changed are carried', () => {
  const before = snapshot([service('a'), service('b'), service('c')]);
  const changes = changesSince(before, snapshot([service('a'), service('b', { status: 'down' }), service('c')], { overall: 'failing' }));
  expect(changes.services.map(({ id }) => id)).toEqual(['b']);
  expect(changes.order).toBeNull();
  expect(changes.rest).toMatchObject({ overall: 'failing' });
  expect('services' in changes.rest).toBe(false);
});

test('what has not changed stays the same object, and without any change the list does, too', () => {
  const { services: before } = snapshot([service('a'), service('b')]);
  const next = applyChanges(before, changesSince(snapshot(before), snapshot([service('a'), service('b', { status: 'down' })])));
  expect(next?.[0]).toBe(before[0]);
  expect(next?.[1]?.status).toBe('down');
  expect(applyChanges(before, changesSince(snapshot(before), snapshot([service('a'), service('b')])))).toBe(before);
});

test('changes of something else are noticed', () => {
  const changes = changesSince(snapshot([service('a'), service('b')]), snapshot([service('a', { status: 'down' }), service('b')]));
  expect(applyChanges([service('b')], changes)).toBeNull();
  expect(applyChanges([], { ...changes, order: ['a', 'b'] })).toBeNull();
});

test('whatever comes and goes, changes or moves: what a page knows is what is so', () => {
  const machine = fc.uniqueArray(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), status: fc.constantFrom(...STATUSES) }), { selector: ({ id }) => id, maxLength: 5 })
    .map((list) => snapshot(list.map(({ id, status }) => service(id, { status }))));
  fc.assert(fc.property(fc.array(machine, { minLength: 2, maxLength: 6 }), (told) => {
    let known: ReturnType<typeof applyChanges> = told[0]?.services ?? [];
    for (const [index, next] of told.entries()) {
      const before = told[index - 1];
      if (before === undefined) continue;
      known = applyChanges(known ?? [], changesSince(before, next));
      expect(known).toEqual(next.services);
    }
  }));
});
