// Which services the overview lists, in which order, and which rows of them are drawn.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Choice, countStatuses, FIRST_CHOICE, listServices, readChoice } from '../../renderer/overview/choice.ts';
import { shownRows } from '../../renderer/overview/window.ts';
import { check, service, variedSnapshot } from './snapshot-builders.ts';

const ids = (choice: Partial<Choice>, services = variedSnapshot().services) => listServices(services, { ...FIRST_CHOICE, ...choice }).flatMap((group) => group.services.map(({ id }) => id));

test('groups stand in the order of services.json, those without a group first', () => {
  const groups = listServices([service('a', { group: 'Two' }), service('b'), service('c', { group: 'One' }), service('d', { group: 'Two' })], FIRST_CHOICE);
  expect(groups.map(({ name, services }) => [name, services.map(({ id }) => id)])).toEqual([[null, ['b']], ['Two', ['a', 'd']], ['One', ['c']]]);
});

describe('search finds', () => {
  test.each<[string, string, readonly string[]]>([
    ['a name, whatever the case', 'POSTGRES', ['postgres']], ['a part of it', 'ground wo', ['worker']], ['an id', 'cache', ['cache']], ['a group', 'tools', ['mail', 'docs', 'cache']],
    ['a state', 'healing', ['worker']], ['the text of a reason', 'sigkill', ['worker']], ['words of different places', 'shop slow', ['search']], ['nothing', 'quux', []], ['everything', '  ', ['web', 'postgres', 'worker', 'search', 'mail', 'docs', 'cache']],
  ])('%s', (_name, search, expected) => expect(ids({ search })).toEqual(expected));
});

describe('order', () => {
  test.each<[Choice['sort'], readonly string[]]>([
    ['file', ['web', 'postgres', 'worker', 'search', 'mail', 'docs', 'cache']],
    ['worst', ['postgres', 'worker', 'search', 'mail', 'docs', 'cache', 'web']],
    ['name', ['worker', 'docs', 'mail', 'postgres', 'cache', 'search', 'web']],
    ['slowest', ['search', 'web', 'docs', 'postgres', 'worker', 'mail', 'cache']],
  ])('%s', (sort, expected) => expect(ids({ sort })).toEqual(expected));
  test('names with numbers are sorted as people count', () => expect(ids({ sort: 'name' }, [service('api 10'), service('api 9')])).toEqual(['api 9', 'api 10']));
  test('of the same kind the order of the file stays', () => expect(ids({ sort: 'slowest' }, ['c', 'a', 'b'].map((id) => service(id, { checks: [check()] })))).toEqual(['c', 'a', 'b']));
});

test('a filter shows one state; its chip stays when the state has gone, so that it can be taken back', () => {
  expect(ids({ status: 'paused' })).toEqual(['docs']);
  expect(countStatuses([service('a')], 'down')).toEqual([{ status: 'down', count: 0 }, { status: 'up', count: 1 }]);
  expect(countStatuses(variedSnapshot().services, null).map(({ status }) => status)).toEqual(['down', 'healing', 'degraded', 'unknown', 'paused', 'stopped', 'up']);
});

test.each<[string | null, Choice]>([
  [null, FIRST_CHOICE], ['{', FIRST_CHOICE], ['7', FIRST_CHOICE], ['{"search":7,"status":"burning","sort":"odd"}', FIRST_CHOICE],
  ['{"search":"a","status":"down","sort":"name"}', { search: 'a', status: 'down', sort: 'name' }],
])('what was kept of a session as %j is read as %j', (text, expected) => expect(readChoice(text)).toEqual(expected));

describe('rows that are drawn', () => {
  const SIZES = { row: 66, head: 30, gap: 16 };
  const blocks = [{ rows: 100, hasHead: true }, { rows: 3, hasHead: true }, { rows: 400, hasHead: true }];
  test('are those in the window and a few around it', () => {
    expect(shownRows(blocks, SIZES, 0, 660)).toEqual([{ first: 0, last: 16 }, { first: 0, last: 0 }, { first: 0, last: 0 }]);
    expect(shownRows(blocks, SIZES, 3_330, 3_990)).toEqual([{ first: 44, last: 66 }, { first: 0, last: 0 }, { first: 0, last: 0 }]);
  });
  test('hold every row that is in the window, wherever it is, and never many more', () => {
    fc.assert(fc.property(fc.integer({ min: -2_000, max: 40_000 }), fc.integer({ min: 300, max: 2_000 }), (from, height) => {
      const shown = shownRows(blocks, SIZES, from, from + height);
      let top = 0;
      for (const [index, { rows }] of blocks.entries()) {
        top += SIZES.head;
        for (let row = 0; row < rows; row += 1) {
          const isInWindow = top + (row + 1) * SIZES.row > from && top + row * SIZES.row < from + height;
          if (isInWindow) expect(row >= (shown[index]?.first ?? 0) && row < (shown[index]?.last ?? 0)).toBe(true);
        }
        top += rows * SIZES.row + SIZES.gap;
      }
      expect(shown.reduce((sum, { first, last }) => sum + Math.max(0, last - first), 0)).toBeLessThanOrEqual(Math.ceil(height / SIZES.row) + 3 * 22);
    }));
  });
});
