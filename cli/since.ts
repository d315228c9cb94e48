// Answers what "since when" means: a duration back from now, or a time.
import { parseDuration } from '../supervisor/contract/duration.ts';
import { UsageError } from './invocation.ts';

const LONGEST_MS = 100 * 366 * 24 * 3_600_000;
/** A date, with or without a time; a bare number would be taken for a year. */
const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d|$)/;

/** ISO 8601. A time without a zone is local. */
export function readSince(text: string, now: Date): string {
  const backMs = parseDuration(text);
  const time = backMs === undefined ? Date.parse(TIME.test(text) ? text : '') : now.getTime() - backMs;
  if (Number.isNaN(time) || (backMs ?? 0) > LONGEST_MS) throw new UsageError(`--since: expected a duration such as "24h" or a time such as "2026-11-22T14:00:00Z", but got "${text}".`);
  return new Date(time).toISOString();
}
