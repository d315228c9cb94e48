// May a notice interrupt a person now? By what the person has set: how loud this desktop may be, and when it is to be quiet.
// Knows no time zone: which minute of the local day a moment is comes in as a function. Sends nothing.
import type { Severity } from '../contract/configuration.ts';
import type { WallMs } from '../contract/reason.ts';
import type { NotificationLevel, QuietHours } from '../contract/settings.ts';
import type { Delivery } from './state.ts';
import { wall } from './time.ts';

/** Minutes since midnight of the local day at that moment, 0 to 1439: "22:30" is 1350. */
export type MinuteOfDay = (time: WallMs) => number;

const MINUTE_MS = 60_000;
const MINUTES_A_DAY = 1_440;
/** Local clocks are put forward and back at whole quarters of an hour only. */
const QUARTER_MS = 900_000;

const minuteOf = (timeOfDay: string): number => Number(timeOfDay.slice(0, 2)) * 60 + Number(timeOfDay.slice(3));
/** Minutes from one time of day to the next time it is another one. */
const until = (from: number, to: number): number => (to - from + MINUTES_A_DAY) % MINUTES_A_DAY;

/** From `from` (inclusive) to `to` (exclusive), over midnight when `to` is the earlier one. */
const isQuiet = ({ from, to }: QuietHours, minute: number): boolean => until(minuteOf(from), minute) < until(minuteOf(from), minuteOf(to));

/**
 * When the quiet hours end that hold now; null: none hold. Looks ahead in steps that no change of the local clock can hide in: where the
 * clock jumps over `to` in spring they end with the jump, where it passes `to` twice in autumn they end the first time.
 */
export function quietUntil(hours: QuietHours | null, now: WallMs, minuteOfDay: MinuteOfDay): WallMs | null {
  if (hours === null || !isQuiet(hours, minuteOfDay(now))) return null;
  let time = now;
  while (isQuiet(hours, minuteOfDay(time))) {
    const endMs = Math.floor(time / MINUTE_MS) * MINUTE_MS + until(minuteOfDay(time), minuteOf(hours.to)) * MINUTE_MS;
    time = wall(Math.min(endMs, (Math.floor(time / QUARTER_MS) + 1) * QUARTER_MS));
  }
  return time;
}

export type Attention = { readonly kind: 'now' | 'suppressed' } | { readonly kind: 'waiting'; readonly untilMs: WallMs };

/** What holds at one moment. */
export interface AttentionRule {
  readonly level: NotificationLevel;
  /** End of the quiet hours under way; null: none. */
  readonly quietUntilMs: WallMs | null;
  readonly exceptCritical: boolean;
}

/**
 * Trouble that may not be told now waits or is kept back, and is judged again when something has changed. The level is about news: the end
 * of what was told is told whatever the level is. A fix that nobody had to know of is not worth telling hours later.
 */
export function judgeAttention({ notice }: Pick<Delivery, 'notice'>, severity: Severity, { level, quietUntilMs, exceptCritical }: AttentionRule): Attention {
  const wanted = level === 'all' || (level === 'critical' && severity === 'critical');
  if (!wanted && notice !== 'resolved') return { kind: 'suppressed' };
  if (quietUntilMs === null) return { kind: 'now' };
  if (notice === 'fixed') return { kind: 'suppressed' };
  return exceptCritical && severity === 'critical' ? { kind: 'now' } : { kind: 'waiting', untilMs: quietUntilMs };
}
