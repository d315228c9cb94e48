// The commands of contract/api.ts that are about the past: checks ids and times, asks the journal and the history.
// Changes nothing.
import { ApiError, type CommandInput, type CommandResult } from './contract/api.ts';
import type { Storage } from './contract/history.ts';
import type { HistoryReader } from './history-reader.ts';
import type { HistoryTables, Journal, JournalFilter } from './ports.ts';

/** The beginning of an incident is counted back from when it was sure, on another clock than the times of events: the two are never exactly in step. */
const CLOCKS_DIFFER_MS = 100;
/** What comes of the end of an incident (the alert's resolution) is told a moment after it. */
const AFTERMATH_MS = 1_000;
const MOST_EVENTS = 10_000;
const EVENTS = 100;
const INCIDENTS = 100;

export const HISTORY_COMMANDS = ['history', 'overview', 'series', 'statistics', 'incidents', 'incident', 'storage'] as const;
type HistoryCommand = (typeof HISTORY_COMMANDS)[number];
export type HistoryHandlers = { readonly [Name in HistoryCommand]: (input: CommandInput<Name>) => Promise<CommandResult<Name>> };

export interface HistoryApiParts {
  readonly journal: Journal;
  readonly store: HistoryTables;
  readonly reader: HistoryReader;
  /** Ids of the services there are. */
  readonly ids: () => readonly string[];
  /** Throws what says that there is no such service. */
  readonly unknown: (id: string) => never;
  readonly nowMs: () => number;
  readonly storage: () => Storage;
}

export function createHistoryHandlers({ journal, store, reader, ids, unknown, nowMs, storage }: HistoryApiParts): HistoryHandlers {
  /** A service that is gone from services.json still has its past. */
  const known = (id: string): string => (ids().includes(id) || store.knows(id) ? id : unknown(id));
  const ask = (filter: JournalFilter): ReturnType<Journal['query']> => {
    try {
      return journal.query(filter);
    } catch (error) {
      if (error instanceof RangeError) throw new ApiError('bad-request', error.message);
      throw error;
    }
  };

  return {
    history: async ({ service, types, since, before, limit }) => ask({
      limit: limit ?? EVENTS,
      ...(service !== undefined && { service }), ...(types !== undefined && { types }), ...(since !== undefined && { since }), ...(before !== undefined && { before }),
    }),
    async overview({ services }) {
      await reader.ready();
      const wanted = services === undefined ? null : new Set(services);
      return reader.overview(ids().filter((id) => wanted?.has(id) ?? true));
    },
    async series({ service, from, to }) {
      const toMs = to === undefined ? nowMs() : Date.parse(to);
      if (toMs <= Date.parse(from)) throw new ApiError('bad-request', `expected "from" to lie before "to", got "${from}"`);
      return reader.series(known(service), Date.parse(from), toMs);
    },
    async statistics({ service }) {
      if (service === undefined) await reader.ready();
      return reader.statistics(service === undefined ? null : known(service));
    },
    incidents: async ({ service, since, before, limit }) => reader.incidents({
      limit: limit ?? INCIDENTS,
      ...(service !== undefined && { service: known(service) }), ...(since !== undefined && { sinceMs: Date.parse(since) }), ...(before !== undefined && { beforeMs: Date.parse(before) }),
    }),
    async incident({ incident: id }) {
      const incident = reader.incident(id);
      if (incident === null) return null;
      const until = incident.ended === null ? {} : { before: new Date(Date.parse(incident.ended) + AFTERMATH_MS).toISOString() };
      const since = new Date(Date.parse(incident.began) - CLOCKS_DIFFER_MS).toISOString();
      return { incident, events: ask({ service: incident.service, since, ...until, limit: MOST_EVENTS }).reverse() };
    },
    storage: async () => storage(),
  };
}
