// Asks for the past of a service for as long as its page is shown: incidents, ends of heals, statistics.
import { useRef } from 'preact/hooks';
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { Incident, Statistics } from '../../supervisor/contract/history.ts';
import type { Store } from '../store.ts';
import { type Asked, useAnswer } from '../use-answer.ts';

/** As many as the charts of 90 days may mark; the lists show fewer. */
const INCIDENTS = 200;
const HEALS = 100;
const STATISTICS_EVERY_MS = 60_000;
const NEW_EVERY_MS = 500;

export interface Past {
  /** Newest first. */
  readonly incidents: Asked<readonly Incident[]>;
  /** Ends of heals, newest first. */
  readonly heals: Asked<readonly UpkeepEvent[]>;
  readonly statistics: Asked<Statistics>;
}

export function usePast(store: Store, service: string): Past {
  const concerns = (event: UpkeepEvent): boolean => event.service === service && !event.type.startsWith('breaker.');
  const healed = (event: UpkeepEvent): boolean => event.service === service && event.type.startsWith('heal.');
  // An incident that has only begun stands in no table yet.
  const known = useRef<readonly Incident[]>([]);
  const underWay = store.services.value.find(({ id }) => id === service)?.incident ?? null;
  const isNew = underWay !== null && known.current.every(({ id }) => id !== underWay.id);
  const incidents = useAnswer(store, 'incidents', { service, limit: INCIDENTS }, { after: concerns, ...(isNew && { everyMs: NEW_EVERY_MS }) });
  known.current = valueOf(incidents) ?? [];
  return {
    incidents,
    heals: useAnswer(store, 'history', { service, types: ['heal.succeeded', 'heal.failed'], limit: HEALS }, { after: healed }),
    statistics: useAnswer(store, 'statistics', { service }, { after: concerns, everyMs: STATISTICS_EVERY_MS }),
  };
}

/** null: it is not there. */
export const valueOf = <Value,>(asked: Asked<Value>): Value | null => (asked.kind === 'ready' ? asked.value : null);
