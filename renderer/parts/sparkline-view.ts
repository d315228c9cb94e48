// Answers how the latency of the last hour is drawn and said. Pure.
import { latency } from './words.ts';

const HEIGHT = 24;
const EDGE = 2;
/** Differences that are small beside this are noise and stay flat. */
const SMALLEST_SCALE_MS = 20;

/** One path in a picture `points - 1` wide and 24 high; what was not measured is a gap. Zero is at the bottom. */
export function drawLatency(points: readonly (number | null)[]): string {
  const most = Math.max(SMALLEST_SCALE_MS, ...points.map((value) => value ?? 0));
  let path = '';
  let isDrawing = false;
  for (const [x, value] of points.entries()) {
    if (value !== null) {
      const y = Math.round((HEIGHT - EDGE - (value / most) * (HEIGHT - 2 * EDGE)) * 10) / 10;
      path += isDrawing ? `L${x} ${y}` : `M${x} ${y}${points[x + 1] == null ? `h.01` : ''}`;
    }
    isDrawing = value !== null;
  }
  return path;
}

/** "Between 3 ms and 1.2 s in the last hour". */
export function summarizeLatency(points: readonly (number | null)[]): string {
  const measured = points.filter((value) => value !== null);
  if (measured.length === 0) return 'No latency was measured in the last hour';
  const [least, most] = [latency(Math.min(...measured)), latency(Math.max(...measured))];
  return least === most ? `${least} all through the last hour` : `Between ${least} and ${most} in the last hour`;
}
