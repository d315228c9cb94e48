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

/** "for 20 s", "for 3 min", "for 2 h", "for 4 days"; nothing in the first seconds. */
export function timePassed(iso: string, nowMs: number): string {
  const passedMs = nowMs - Date.parse(iso);
  if (passedMs < 5 * SECOND_MS) return '';
  if (passedMs < MINUTE_MS) return `for ${Math.floor(passedMs / (5 * SECOND_MS)) * 5} s`;
  if (passedMs < HOUR_MS) return `for ${Math.floor(passedMs / MINUTE_MS)} min`;
  return passedMs < 2 * DAY_MS ? `for ${Math.floor(passedMs / HOUR_MS)} h` : `for ${Math.floor(passedMs / DAY_MS)} days`;
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

/** "850 ms", "1.4 s", "42 s", "3 min 12 s", "2 h 5 min", "3 days 4 h". */
export function span(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND_MS) return `${(ms / SECOND_MS).toFixed(1)} s`;
  const seconds = Math.round(ms / SECOND_MS);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return twoParts(`${minutes} min`, seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return twoParts(`${hours} h`, minutes % 60, 'min');
  return twoParts(count(Math.floor(hours / 24), 'day'), hours % 24, 'h');
}

/** 28.999999999999996 is 29. */
const ALMOST = 1e-6;

/** "99.8 %" of 0.998. Never rounded up to 100, nor down to 0: that would hide the one time it mattered. */
export function share(part: number): string {
  const percent = part * 100;
  if (percent <= 0 || percent >= 100) return percent <= 0 ? '0 %' : '100 %';
  if (percent < 1) return '< 1 %';
  // Two places where they matter, none of them made of zeros.
  const places = percent > 99 ? 100 : 10;
  return `${Math.floor(percent * places + ALMOST) / places} %`;
}

const twoParts = (first: string, rest: number, unit: string): string => (rest === 0 ? first : `${first} ${rest} ${unit}`);

/** "512 bytes", "1.2 MB". */
export function bytes(size: number): string {
  if (size < 1_000) return count(size, 'byte');
  if (size < 1_000_000) return `${(size / 1_000).toFixed(1)} kB`;
  return size < 1_000_000_000 ? `${(size / 1_000_000).toFixed(1)} MB` : `${(size / 1_000_000_000).toFixed(1)} GB`;
}

/** "14:32:07", where the day is said already. */
export function clockOf(iso: string): string {
  const at = new Date(iso);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** "Today", "Yesterday", "Sat 21 Nov"; another year: "21 Nov 2025". */
export function dayOf(iso: string, nowMs: number): string {
  const at = new Date(iso);
  const now = new Date(nowMs);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (at.toDateString() === now.toDateString()) return 'Today';
  if (at.toDateString() === yesterday.toDateString()) return 'Yesterday';
  const day = `${at.getDate()} ${MONTHS[at.getMonth()] ?? ''}`;
  return at.getFullYear() === now.getFullYear() ? `${WEEKDAYS[at.getDay()] ?? ''} ${day}` : `${day} ${at.getFullYear()}`;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
