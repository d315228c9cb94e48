// Says times and durations in words. Pure: now comes in as an argument; the time zone is that of the machine.

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (number: number) => String(number).padStart(2, '0');

/** "14:32"; another day: "21 Nov 14:32". */
export function clockTime(iso: string, nowMs: number): string {
  const at = new Date(iso);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return at.toDateString() === new Date(nowMs).toDateString() ? time : `${at.getDate()} ${MONTHS[at.getMonth()] ?? ''} ${time}`;
}

/** "2026-11-22 14:32:07", for the one who hovers. */
export function exactTime(iso: string): string {
  const at = new Date(iso);
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** "just now", "12 s ago", "3 min ago", "2 h ago"; from a day on "21 Nov 14:32". A time ahead is "just now". */
export function timeAgo(iso: string, nowMs: number): string {
  const passedMs = nowMs - Date.parse(iso);
  if (passedMs < 5 * SECOND_MS) return 'just now';
  // In steps of five, so that the line does not tick.
  if (passedMs < MINUTE_MS) return `${Math.floor(passedMs / (5 * SECOND_MS)) * 5} s ago`;
  if (passedMs < HOUR_MS) return `${Math.floor(passedMs / MINUTE_MS)} min ago`;
  if (passedMs < DAY_MS) return `${Math.floor(passedMs / HOUR_MS)} h ago`;
  return clockTime(iso, nowMs);
}

/** "3 ms", "1.2 s". */
export function latency(ms: number): string {
  return ms < SECOND_MS ? `${Math.round(ms)} ms` : `${(ms / SECOND_MS).toFixed(1)} s`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A moment as it is shown: in words, and exact for the one who hovers. */
export interface TimeView { readonly iso: string; readonly text: string; readonly exact: string }

export const timeView = (iso: string, nowMs: number): TimeView => ({ iso, text: timeAgo(iso, nowMs), exact: exactTime(iso) });
