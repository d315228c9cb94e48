// Keeps what has not changed: a part of a new snapshot that says the same as before is replaced by the old object,
// so that what is drawn from it need not be drawn again. Pure.

import { isSame } from '../supervisor/contract/same.ts';

/** The list `next`, with the objects of `before` where nothing has changed; `before` itself when nothing has at all. */
export function keepUnchanged<Item extends { readonly id: string }>(before: readonly Item[], next: readonly Item[]): readonly Item[] {
  const known = new Map(before.map((item) => [item.id, item]));
  const kept = next.map((item) => {
    const old = known.get(item.id);
    return old !== undefined && isSame(old, item) ? old : item;
  });
  return kept.length === before.length && kept.every((item, index) => item === before[index]) ? before : kept;
}
