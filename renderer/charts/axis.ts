// The words along the axes of a chart. Pure.
import { latency } from '../parts/words.ts';

const HOUR_S = 3_600;
const DAY_S = 86_400;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number) => String(number).padStart(2, '0');

/** Between two marks of the time axis, in seconds: a chart takes the smallest that leaves its words room. */
export const TIME_STEPS: readonly number[] = [HOUR_S, 2 * HOUR_S, 3 * HOUR_S, 6 * HOUR_S, 12 * HOUR_S, DAY_S, 2 * DAY_S, 7 * DAY_S, 14 * DAY_S, 30 * DAY_S];

/** "14:00"; at midnight, and where marks are a day apart, "22 Nov". Seconds since 1970; days are those of the person, or UTC. */
export function timeLabel(atS: number, stepS: number, isUtc: boolean): string {
  const at = new Date(atS * 1_000);
  const [day, month, hour, minute] = isUtc
    ? [at.getUTCDate(), at.getUTCMonth(), at.getUTCHours(), at.getUTCMinutes()]
    : [at.getDate(), at.getMonth(), at.getHours(), at.getMinutes()];
  return stepS >= DAY_S || (hour === 0 && minute === 0) ? `${day} ${MONTHS[month] ?? ''}` : `${two(hour)}:${two(minute)}`;
}

/** "0", "500 ms", "1.5 s". */
export const latencyLabel = (ms: number): string => (ms === 0 ? '0' : ms < 1 ? `${Number(ms.toFixed(2))} ms` : latency(ms));

/** How high the latency axis goes: the highest value with some air, and never so low that nothing looks like much. */
export const latencyCeiling = (highestMs: number | null): number => Math.max((highestMs ?? 0) * 1.15, 5);
