// Answers whether two pieces of plain JSON say the same. Pure.

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
