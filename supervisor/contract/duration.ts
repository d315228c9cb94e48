// Durations as people write them in services.json ("250ms", "10s", "5m", "1h", "24h") and as the program counts them (milliseconds).
// Never reads a clock.
import * as z from 'zod';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

const isUnit = (text: string | undefined): text is keyof typeof UNIT_MS => text !== undefined && text in UNIT_MS;

/** Milliseconds of a duration text, or undefined when the text is none. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = PATTERN.exec(text) ?? [];
  return amount !== undefined && isUnit(unit) ? Math.round(Number(amount) * UNIT_MS[unit]) : undefined;
}

/** The shortest exact text of a duration: 90000 -> "90s", 300000 -> "5m". */
export function formatDuration(ms: number): string {
  for (const unit of ['h', 'm', 's'] as const) if (ms > 0 && ms % UNIT_MS[unit] === 0) return `${ms / UNIT_MS[unit]}${unit}`;
  return ms === 0 ? '0s' : `${ms}ms`;
}

/** A schema that reads a duration text into milliseconds. `minMs` and `maxMs` are inclusive. */
export function duration({ minMs = 0, maxMs = 366 * UNIT_MS.d }: { minMs?: number; maxMs?: number } = {}) {
  return z
    .string({ error: 'a duration such as "250ms", "10s", "5m" or "1h"' })
    .regex(PATTERN, { error: 'a duration such as "250ms", "10s", "5m" or "1h"' })
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
      const message = ms !== undefined && ms > maxMs ? `${formatDuration(maxMs)} or less` : `${formatDuration(minMs)} or more`;
      context.issues.push({ code: 'custom', message, input: text });
      return z.NEVER;
    });
}
