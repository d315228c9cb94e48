// The latency of the last hour as a line with the newest value beside it. Words say the same.
import { useMemo } from 'preact/hooks';
import { drawLatency, summarizeLatency } from './sparkline-view.ts';

export interface SparklineProps {
  /** Oldest first, in milliseconds; null: not measured. */
  readonly points: readonly (number | null)[];
  /** "12 ms"; "–": none. */
  readonly now: string;
}

export function Sparkline({ points, now }: SparklineProps) {
  const path = useMemo(() => drawLatency(points), [points]);
  const summary = useMemo(() => summarizeLatency(points), [points]);
  return (
    <span class="sparkline" role="img" aria-label={`Latency ${now}. ${summary}.`} title={`${summary}.`}>
      <svg viewBox={`0 0 ${Math.max(1, points.length - 1)} 24`} preserveAspectRatio="none">{path !== '' && <path d={path} />}</svg>
      <span class="latency">{now}</span>
    </span>
  );
}
