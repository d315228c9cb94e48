// Answers what the bar of a service's last 24 hours shows and says. Pure.
import type { Overview } from '../../supervisor/contract/history.ts';
import { BAR_PARTS } from '../../supervisor/contract/history-scales.ts';
import { clockTime, count, share } from './words.ts';

export type ServiceOverview = Overview['services'][number];
export type BarPart = ServiceOverview['bar'][number];
/** Both in part: `partly`. */
export type PartKind = 'up' | 'down' | 'partly' | 'unknown';

const MINUTE_MS = 60_000;
const PART_MS = 24 * 60 * 60_000 / BAR_PARTS;
/** Less downtime than this in a part is drawn as so much, or nobody would see it. */
const SMALLEST_SHARE = 0.2;

export const kindOf = ({ up, down }: BarPart): PartKind =>
  up > 0 && down > 0 ? 'partly' : down > 0 ? 'down' : up > 0 ? 'up' : 'unknown';

/** When a part begins: the last one ends with the minute under way. */
export const partBeganMs = (index: number, atMs: number, parts: number): number =>
  (Math.floor(atMs / MINUTE_MS) + 1) * MINUTE_MS - (parts - index) * PART_MS;

/** "14:00 to 14:30: up 97 %, down 3 %". */
export function describePart(part: BarPart, index: number, atMs: number, parts: number): string {
  const beganMs = partBeganMs(index, atMs, parts);
  const clock = (ms: number) => clockTime(new Date(ms).toISOString(), atMs);
  const isLast = index === parts - 1;
  return `${clock(beganMs)} to ${isLast ? 'now' : clock(beganMs + PART_MS)}: ${describeShares(part)}`;
}

function describeShares(part: BarPart): string {
  switch (kindOf(part)) {
    case 'up': return 'up';
    case 'down': return 'down';
    case 'unknown': return 'not known';
    case 'partly': return `up ${share(part.up / (part.up + part.down))}, down ${share(part.down / (part.up + part.down))}`;
  }
}

/** How often it went down: runs of parts with downtime. */
const timesDown = (bar: readonly BarPart[]): number => bar.filter(({ down }, index) => down > 0 && (bar[index - 1]?.down ?? 0) === 0).length;

/** "99.8 % up in 24 hours, down once"; what a screen reader says instead of the picture. */
export function summarizeBar({ bar, availability }: { readonly bar: readonly BarPart[]; readonly availability: number | null }): string {
  if (availability === null) return 'Nothing is known of the last 24 hours';
  const times = timesDown(bar);
  const unknown = bar.filter((part) => kindOf(part) === 'unknown').length;
  const known = unknown === 0 ? '' : `, not known for ${count(unknown / 2, 'hour')}`;
  const down = times === 0 ? 'never down' : times === 1 ? 'down once' : times === 2 ? 'down twice' : `down ${times} times`;
  return `${share(availability)} up in 24 hours, ${down}${known}`;
}

/** Paths of strokes in a picture 5 wide for each part and 24 high. Up: middling; down: from edge to edge; unknown: a dot. */
export interface BarPaths { readonly up: string; readonly down: string; readonly unknown: string }

export function drawBar(bar: readonly BarPart[]): BarPaths {
  const paths = { up: '', down: '', unknown: '' };
  for (const [index, part] of bar.entries()) {
    const x = index * 5 + 2.5;
    const stroke = (from: number, to: number) => `M${x} ${round(from)}V${round(to)}`;
    switch (kindOf(part)) {
      case 'up': paths.up += stroke(5, 19); break;
      case 'down': paths.down += stroke(2, 22); break;
      case 'unknown': paths.unknown += stroke(12, 12.01); break;
      case 'partly': {
        const downShare = Math.min(1 - SMALLEST_SHARE, Math.max(SMALLEST_SHARE, part.down / (part.up + part.down)));
        const splitAt = 22 - downShare * 15;
        paths.up += stroke(5, Math.max(5.01, splitAt - 5));
        paths.down += stroke(splitAt, 22);
      }
    }
  }
  return paths;
}

const round = (value: number): number => Math.round(value * 100) / 100;
