// Which events somebody asks for, as SQL and as a test for events that are not written yet. Newest first.
import { EVENT_TYPES, eventSchema, type UpkeepEvent } from '../contract/event.ts';
import type { JournalFilter } from '../ports.ts';

export interface EventQuery { readonly sql: string; readonly values: (string | number)[]; /** The same for events that are not written yet. */ readonly fits: (event: UpkeepEvent) => boolean }

interface Conditions { readonly sql: string[]; readonly values: string[] }

const NEWEST_FIRST = 'ORDER BY at DESC, id DESC LIMIT ?';
const where = (conditions: readonly string[]): string => (conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`);

/** Throws a RangeError for a time that is none. */
export function eventQuery({ service, types, since, before, limit }: JournalFilter): EventQuery {
  const earliest = since === undefined ? '' : readTime('since', since);
  const end = before === undefined ? undefined : readTime('before', before);
  const time: Conditions = { sql: [...(since === undefined ? [] : ['at >= ?']), ...(end === undefined ? [] : ['at < ?'])], values: [...(since === undefined ? [] : [earliest]), ...(end === undefined ? [] : [end])] };
  const fits = (event: UpkeepEvent): boolean =>
    (service === undefined || event.service === service) && (types === undefined || types.includes(event.type)) && event.at >= earliest && (end === undefined || event.at < end);
  // Types this version does not know are not shown, so they need not be looked for.
  const known = types === undefined ? undefined : EVENT_TYPES.filter((type) => types.includes(type));
  if (service !== undefined) return { fits, ...ofService(service, known, time, limit) };
  return { fits, ...(known === undefined ? { sql: `SELECT event FROM event ${where(time.sql)} ${NEWEST_FIRST}`, values: [...time.values, limit] } : ofTypes(known, time, limit)) };
}

/** By the index of services, which holds times and types too; the plus keeps SQLite from the index of types. */
function ofService(service: string, types: readonly string[] | undefined, time: Conditions, limit: number): Omit<EventQuery, 'fits'> {
  const ofType = types === undefined ? [] : [`+type IN (${types.map(() => '?').join(', ')})`];
  return { sql: `SELECT event FROM event ${where(['service = ?', ...time.sql, ...ofType])} ${NEWEST_FIRST}`, values: [service, ...time.values, ...(types ?? []), limit] };
}

/** The newest of each type, and of these the newest: asked for all types at once SQLite would sort every event there is. */
function ofTypes(types: readonly string[], time: Conditions, limit: number): Omit<EventQuery, 'fits'> {
  if (types.length === 0) return { sql: 'SELECT event FROM event WHERE 0', values: [] };
  const one = `SELECT * FROM (SELECT at, id, event FROM event ${where(['type = ?', ...time.sql])} ${NEWEST_FIRST})`;
  return { sql: `SELECT event FROM (${types.map(() => one).join(' UNION ALL ')}) ${NEWEST_FIRST}`, values: [...types.flatMap((type) => [type, ...time.values, limit]), limit] };
}

/** As toISOString writes it, which is how events carry times; then the order of texts is the order of times. */
function readTime(name: string, time: string): string {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) throw new RangeError(`expected "${name}" in ISO 8601, got ${JSON.stringify(time)}`);
  return new Date(ms).toISOString();
}

/** Rows of a later version that this one does not know are passed over. */
export function readEvent(row: unknown): UpkeepEvent[] {
  const text = typeof row === 'object' && row !== null && 'event' in row ? row.event : undefined;
  try {
    const { success, data } = eventSchema.safeParse(JSON.parse(String(text)));
    return success ? [data] : [];
  } catch {
    return [];
  }
}
