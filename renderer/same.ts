// Keeps what has not changed: a part of a new snapshot that says the same as before is replaced by the old object,
// so that what is drawn from it need not be drawn again. Pure.

/** Deep equality of plain JSON. */
export function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    return Array.isArray(left) && Array.isArray(right) && left.length === right.length && left.every((item, index) => isSame(item, right[index]));
  }
  let keys = 0;
  for (const key in left) {
    if (!Object.hasOwn(right, key) || !isSame(Reflect.get(left, key), Reflect.get(right, key))) return false;
    keys += 1;
  }
  return keys === Object.keys(right).length;
}

/** The list `next`, with the objects of `before` where nothing has changed; `before` itself when nothing has at all. */
export function keepUnchanged<Item extends { readonly id: string }>(before: readonly Item[], next: readonly Item[]): readonly Item[] {
  const known = new Map(before.map((item) => [item.id, item]));
  const kept = next.map((item) => {
    const old = known.get(item.id);
    return old !== undefined && isSame(old, item) ? old : item;
  });
  return kept.length === before.length && kept.every((item, index) => item === before[index]) ? before : kept;
}
