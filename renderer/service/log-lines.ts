// Joins what was read of a log with what is read next, so that the lines a person reads stay where they are. Pure.

/** What is remembered while somebody reads; beyond it the oldest go. */
const MOST_LINES = 1_000;

/** `next` is the newest tail. Lines that both have are told apart from new ones by the longest end of `before` that `next` begins with. */
export function joinLog(before: readonly string[], next: readonly string[]): readonly string[] {
  if (before.length === 0 || next.length === 0) return next;
  for (let overlap = Math.min(before.length, next.length); overlap > 0; overlap -= 1) {
    if (!endsWith(before, next, overlap)) continue;
    const fresh = next.slice(overlap);
    return fresh.length === 0 ? before : [...before, ...fresh].slice(-MOST_LINES);
  }
  return next;
}

function endsWith(before: readonly string[], next: readonly string[], overlap: number): boolean {
  const offset = before.length - overlap;
  for (let index = 0; index < overlap; index += 1) if (before[offset + index] !== next[index]) return false;
  return true;
}
