// What has not changed stays the same object, so that it is not drawn again.
import { expect, test } from 'vitest';
import { keepUnchanged } from '../../renderer/same.ts';
import { isSame } from '../../supervisor/contract/same.ts';

test.each<[unknown, unknown, boolean]>([
  [1, 1, true], [1, '1', false], [null, undefined, false], [null, {}, false], [[], {}, false], [[1, [2]], [1, [2]], true], [[1], [1, 2], false],
  [{ a: 1, b: [null] }, { b: [null], a: 1 }, true], [{ a: 1 }, { a: 1, b: undefined }, false], [{ a: 1, b: undefined }, { a: 1 }, false], [{ a: { b: 1 } }, { a: { b: 2 } }, false],
])('%j and %j: %s', (left, right, expected) => expect(isSame(left, right)).toBe(expected));

test('unchanged items keep their identity, whatever their order; without any change the list does, too', () => {
  const before = [{ id: 'a', n: 1 }, { id: 'b', n: 1 }];
  expect(keepUnchanged(before, [{ id: 'a', n: 1 }, { id: 'b', n: 1 }])).toBe(before);
  const after = keepUnchanged(before, [{ id: 'b', n: 1 }, { id: 'a', n: 2 }, { id: 'c', n: 1 }]);
  expect(after[0]).toBe(before[1]);
  expect(after[1]).toEqual({ id: 'a', n: 2 });
  expect(keepUnchanged(before, [{ id: 'a', n: 1 }])).toEqual([{ id: 'a', n: 1 }]);
});
