// The spans of time a chart can show, and the part of it that is asked for and drawn. Pure: now comes in as an argument.

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export const SPANS = ['24h', '7d', '90d'] as const;
export type Span = (typeof SPANS)[number];

interface Shape {
  readonly label: string;
  /** Stands after "in" and "of". */
  readonly words: string;
  readonly lengthMs: number;
  /** One bar of the availability chart and one row of the table. */
  readonly slotMs: number;
  /** How often what is shown may be asked for again while it stands open. */
  readonly askEveryMs: number;
}

const SHAPES: Readonly<Record<Span, Shape>> = {
  '24h': { label: '24 h', words: 'the last 24 hours', lengthMs: DAY_MS, slotMs: 30 * MINUTE_MS, askEveryMs: MINUTE_MS },
  '7d': { label: '7 d', words: 'the last 7 days', lengthMs: 7 * DAY_MS, slotMs: 2 * HOUR_MS, askEveryMs: 5 * MINUTE_MS },
  '90d': { label: '90 d', words: 'the last 90 days', lengthMs: 90 * DAY_MS, slotMs: DAY_MS, askEveryMs: 15 * MINUTE_MS },
};
export const shapeOf = (span: Span): Shape => SHAPES[span];

/** What a chart shows, in milliseconds since 1970. */
export interface TimeWindow { readonly fromMs: number; readonly toMs: number }

/** The page's clock moves in steps, and the answer comes a little after the question. */
const LATE_MS = MINUTE_MS;

/**
 * Where a span begins: at the first whole slot within it. Minutes are kept for a day, so it must not begin earlier than that, and
 * it must not change with every look, or the same question would be another one each time.
 */
export function beginningOf(span: Span, nowMs: number): number {
  const { lengthMs, slotMs } = SHAPES[span];
  return Math.ceil((nowMs + LATE_MS - lengthMs) / slotMs) * slotMs;
}
