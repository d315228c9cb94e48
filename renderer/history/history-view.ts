// Answers what the timeline says: what happened, day by day, newest first, and what it can be narrowed to. Pure.
import type { EventType, UpkeepEvent } from '../../supervisor/contract/event.ts';
import { EVENT_TYPES } from '../../supervisor/contract/event-types.ts';
import type { Snapshot } from '../../supervisor/contract/snapshot.ts';
import { hashOf } from '../route.ts';
import { clockOf, dayOf, exactTime } from '../parts/words.ts';

export const KINDS = ['state', 'heal', 'alert', 'pause', 'breaker', 'configuration', 'upkeep'] as const;
export type Kind = (typeof KINDS)[number];

const LABELS: Readonly<Record<Kind, string>> = {
  state: 'Up and down', heal: 'Heals', alert: 'Alerts', pause: 'Pauses and stops', breaker: 'Breakers', configuration: 'Configuration', upkeep: 'Upkeep itself',
};
/** By the subject of the event; what is not here is about Upkeep itself. */
const KIND_OF: ReadonlyMap<string, Kind> = new Map([['service', 'state'], ['heal', 'heal'], ['alert', 'alert'], ['breaker', 'breaker'], ['config', 'configuration']]);
const BY_PERSON: readonly EventType[] = ['service.paused', 'service.resumed', 'service.stopped', 'service.started'];

function kindOf(type: EventType): Kind {
  if (BY_PERSON.includes(type)) return 'pause';
  return KIND_OF.get(type.split('.')[0] ?? '') ?? 'upkeep';
}

export const isKind = (text: string | null): text is Kind => KINDS.some((kind) => kind === text);

/** The events of a kind; null: all but what only repeats what others say. */
export const typesOf = (kind: Kind | null): EventType[] =>
  EVENT_TYPES.filter((type) => (kind === null ? kindOf(type) !== 'breaker' && type !== 'alert.delivered' : kindOf(type) === kind));

/** The newest page, then what is known of before it. Both newest first. */
export function withNewest(newest: readonly UpkeepEvent[], known: readonly UpkeepEvent[]): readonly UpkeepEvent[] {
  const oldest = newest.at(-1);
  if (oldest === undefined) return known;
  const there = new Set(newest.map(identify));
  return [...newest, ...known.filter((event) => event.at <= oldest.at && !there.has(identify(event)))];
}

const identify = ({ at, type, service = '', reason = '' }: UpkeepEvent): string => `${at} ${type} ${service} ${reason}`;

export type HappeningMark = 'good' | 'bad' | 'care' | 'work' | 'quiet';
const MARKS: Readonly<Partial<Record<EventType, HappeningMark>>> = {
  'service.up': 'good', 'breaker.closed': 'good', 'heal.succeeded': 'good', 'alert.resolved': 'good', 'config.reloaded': 'good',
  'service.down': 'bad', 'breaker.opened': 'bad', 'heal.failed': 'bad', 'alert.raised': 'bad', 'alert.repeated': 'bad', 'config.rejected': 'bad',
  'service.degraded': 'care', 'service.unknown': 'care', 'heal.held': 'care', 'alert.undelivered': 'care', 'state.set-aside': 'care',
  'heal.started': 'work',
};
const WORDS: Readonly<Record<EventType, string>> = {
  'supervisor.started': 'Upkeep started', 'supervisor.stopped': 'Upkeep stopped', 'supervisor.woke': 'The machine woke', 'state.set-aside': 'State set aside',
  'service.up': 'up', 'service.degraded': 'degraded', 'service.down': 'down', 'service.unknown': 'unknown', 'service.paused': 'paused', 'service.resumed': 'resumed',
  'service.stopped': 'stopped', 'service.started': 'started',
  'breaker.opened': 'breaker opened', 'breaker.half-opened': 'breaker tries', 'breaker.closed': 'breaker closed',
  'heal.started': 'restarting', 'heal.succeeded': 'healed', 'heal.failed': 'not healed', 'heal.held': 'restart held',
  'alert.raised': 'alert', 'alert.repeated': 'reminder', 'alert.resolved': 'alert over', 'alert.delivered': 'alert delivered', 'alert.undelivered': 'alert not delivered',
  'alert.acknowledged': 'acknowledged', 'alert.snoozed': 'snoozed',
  'config.reloaded': 'Configuration read', 'config.rejected': 'Configuration refused',
};

export const wordOf = (type: EventType): string => WORDS[type];
export const markOf = (type: EventType): HappeningMark => MARKS[type] ?? 'quiet';

export interface HappeningView {
  readonly key: string;
  readonly at: { readonly iso: string; readonly text: string; readonly exact: string };
  readonly mark: HappeningMark;
  readonly word: string;
  /** null: about Upkeep or the whole machine. */
  readonly service: { readonly name: string; readonly hash: string } | null;
  readonly reason: string;
  /** Address of the incident it belongs to. */
  readonly incident: string | null;
}
export interface HistoryView {
  readonly days: readonly { readonly day: string; readonly happenings: readonly HappeningView[] }[];
  readonly kinds: readonly { readonly kind: Kind | null; readonly label: string; readonly isCurrent: boolean; readonly hash: string }[];
  readonly services: readonly { readonly id: string; readonly name: string }[];
}
export interface HistoryInput {
  readonly snapshot: Snapshot | null;
  /** Newest first. */
  readonly events: readonly UpkeepEvent[];
  readonly kind: Kind | null;
  readonly service: string | null;
  readonly nowMs: number;
}

export function describeHistory({ snapshot, events, kind, service, nowMs }: HistoryInput): HistoryView {
  const known = (snapshot?.services ?? []).map(({ id, name }) => ({ id, name }));
  const nameOf = (id: string): string => known.find((one) => one.id === id)?.name ?? id;
  const days = new Map<string, HappeningView[]>();
  for (const [index, event] of events.entries()) {
    const day = dayOf(event.at, nowMs);
    const happening = describeHappening(event, events.length - index, nameOf);
    const already = days.get(day);
    if (already === undefined) days.set(day, [happening]);
    else already.push(happening);
  }
  const gone = service !== null && known.every(({ id }) => id !== service) ? [{ id: service, name: service }] : [];
  return {
    days: [...days].map(([day, happenings]) => ({ day, happenings })),
    kinds: [null, ...KINDS].map((one) => ({ kind: one, label: one === null ? 'Everything' : LABELS[one], isCurrent: one === kind, hash: hashOf({ screen: 'history', service, kind: one }) })),
    services: [...known.toSorted((a, b) => a.name.localeCompare(b.name)), ...gone],
  };
}

/** `fromEnd`: how far it is from the oldest one, which does not change when newer ones come. */
function describeHappening(event: UpkeepEvent, fromEnd: number, nameOf: (id: string) => string): HappeningView {
  const { at, type, service, reason } = event;
  const incident = event['incident'];
  return {
    key: `${at} ${type} ${service ?? ''} ${fromEnd}`,
    at: { iso: at, text: clockOf(at), exact: exactTime(at) },
    mark: markOf(type),
    word: wordOf(type),
    service: service === undefined ? null : { name: nameOf(service), hash: hashOf({ screen: 'service', service }) },
    reason: reason ?? '',
    incident: typeof incident === 'string' ? hashOf({ screen: 'incident', incident }) : null,
  };
}
