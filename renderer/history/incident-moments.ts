// Answers what happened in an incident, moment by moment: a heal with its proof is one, an alert with its deliveries is one. Pure.
import type { EventType, UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { Incident } from '../../supervisor/contract/history.ts';
import type { AlertSnapshot, ServiceSnapshot } from '../../supervisor/contract/snapshot.ts';
import { clockOf, exactTime, span } from '../parts/words.ts';
import { describeHeal, type HealView } from '../service/heal-view.ts';
import { momentOf } from '../service/moments.ts';

export interface IncidentInput {
  readonly incident: Incident;
  /** Oldest first. */
  readonly events: readonly UpkeepEvent[];
  /** null: it is no longer in services.json. */
  readonly service: ServiceSnapshot | null;
  readonly alerts: readonly AlertSnapshot[];
  readonly nowMs: number;
}
export type MomentMark = 'good' | 'bad' | 'care' | 'work' | 'quiet';
export interface MomentView {
  readonly key: string;
  /** "+12 s" after the first symptom. */
  readonly offset: string;
  readonly exact: string;
  /** "14:32:07" */
  readonly clock: string;
  readonly mark: MomentMark;
  readonly title: string;
  readonly text: string | null;
  readonly heal: HealView | null;
  /** What became of an alert on each channel. */
  readonly deliveries: readonly string[];
  /** Says only what others bring with them. */
  readonly isMinor: boolean;
}

interface Draft { readonly at: string; readonly key: string; readonly mark: MomentMark; readonly title: string; readonly text?: string | null; readonly heal?: HealView | null; readonly deliveries?: readonly string[]; readonly isMinor?: boolean }

const TITLES: Readonly<Record<EventType, readonly [MomentMark, string]>> = {
  'supervisor.started': ['quiet', 'Upkeep started'], 'supervisor.stopped': ['quiet', 'Upkeep stopped'], 'supervisor.woke': ['quiet', 'The machine woke up'], 'state.set-aside': ['care', 'The state was set aside'],
  'service.up': ['good', 'Up again'], 'service.degraded': ['care', 'Degraded'], 'service.down': ['bad', 'Down'], 'service.unknown': ['care', 'Not known'],
  'service.paused': ['quiet', 'Paused by a person'], 'service.resumed': ['quiet', 'Resumed'], 'service.stopped': ['quiet', 'Stopped by a person'], 'service.started': ['quiet', 'Started by a person'],
  'breaker.opened': ['quiet', 'The breaker opened: checks wait before the next trial'], 'breaker.half-opened': ['quiet', 'The breaker tries'], 'breaker.closed': ['quiet', 'The breaker closed: its checks are trusted again'],
  'heal.started': ['work', 'Restarting'], 'heal.succeeded': ['good', 'Restarted'], 'heal.failed': ['bad', 'The restart did not help'], 'heal.held': ['care', 'No restart yet'],
  'alert.raised': ['bad', 'Alert'], 'alert.repeated': ['bad', 'Reminder'], 'alert.resolved': ['good', 'The alert is over'], 'alert.delivered': ['quiet', 'Alert delivered'], 'alert.undelivered': ['care', 'Alert not delivered'],
  'alert.acknowledged': ['quiet', 'Acknowledged by a person'], 'alert.snoozed': ['quiet', 'Snoozed by a person'],
  'config.reloaded': ['quiet', 'services.json was read again'], 'config.rejected': ['care', 'A changed services.json was refused'],
};
const ANNOUNCING: readonly EventType[] = ['alert.raised', 'alert.repeated', 'alert.resolved'];
/** Two records of the same moment differ by no more than this. */
const SAME_MOMENT_MS = 1_000;

const textOf = (event: UpkeepEvent, name: string): string | null => { const value = event[name]; return typeof value === 'string' ? value : null; };
const isClose = (left: string, right: string): boolean => Math.abs(Date.parse(left) - Date.parse(right)) <= SAME_MOMENT_MS;

export function describeMoments(input: IncidentInput): MomentView[] {
  const { incident, events } = input;
  const beganMs = Date.parse(incident.began);
  const drafts: Draft[] = [
    { at: incident.began, key: 'began', mark: 'care', title: 'First symptom', text: incident.symptom },
    ...detectedUnlessTold(input),
    ...events.flatMap((event, index) => describeEvent(event, index, input)),
    ...endOf(input),
  ];
  return drafts
    .map((draft, index) => ({ draft, index, atMs: Date.parse(draft.at) }))
    .sort((left, right) => left.atMs - right.atMs || left.index - right.index)
    .map(({ draft: { at, text = null, heal = null, deliveries = [], isMinor = false, ...rest }, atMs }) => ({
      ...rest, text, heal, deliveries, isMinor, offset: atMs <= beganMs ? '0 s' : `+${span(atMs - beganMs)}`, exact: exactTime(at), clock: clockOf(at),
    }));
}

function detectedUnlessTold({ incident, events }: IncidentInput): Draft[] {
  if (events.some(({ type, at }) => type === 'service.down' && isClose(at, incident.detected))) return [];
  return [{ at: incident.detected, key: 'detected', mark: 'bad', title: 'Detected: Upkeep was sure that it was down' }];
}

function describeEvent(event: UpkeepEvent, index: number, input: IncidentInput): Draft[] {
  const { incident, events } = input;
  const { type, at, reason = null } = event;
  const [mark, title] = TITLES[type];
  const draft: Draft = { at, key: `${at} ${type} ${index}`, mark, title, text: reason };
  if (type === 'heal.started') return [describeStartedHeal(event, draft, input)];
  if (type === 'heal.succeeded' || type === 'heal.failed') return startOf(event, events) === undefined ? [withProof(draft, event, input.nowMs)] : [];
  if (ANNOUNCING.includes(type)) return [{ ...draft, deliveries: deliveriesOf(event, index, input) }];
  if (type === 'alert.delivered' || type === 'alert.undelivered') return announcementOf(event, index, events) === undefined ? [draft] : [];
  if (type.startsWith('breaker.')) return [{ ...draft, text: null, isMinor: true }];
  if (type === 'service.down' && isClose(at, incident.detected)) return [{ ...draft, title: 'Detected: down' }];
  // What the first symptom says already.
  if (type === 'service.degraded' && isClose(at, incident.began)) return [];
  // Its end says the same.
  const isItsEnd = (type === 'service.up' || type === 'service.stopped') && incident.ended !== null && isClose(at, incident.ended);
  return isItsEnd ? [] : [draft];
}

function describeStartedHeal(event: UpkeepEvent, draft: Draft, { events, nowMs }: IncidentInput): Draft {
  const attempt = textOf(event, 'attempt');
  const end = events.find((other) => (other.type === 'heal.succeeded' || other.type === 'heal.failed') && attempt !== null && textOf(other, 'attempt') === attempt);
  if (end !== undefined) return withProof(draft, end, nowMs);
  return event['by'] === 'person' ? { ...draft, title: 'Restarting, as a person asked' } : draft;
}

const startOf = (end: UpkeepEvent, events: readonly UpkeepEvent[]): UpkeepEvent | undefined => {
  const attempt = textOf(end, 'attempt');
  return attempt === null ? undefined : events.find((other) => other.type === 'heal.started' && textOf(other, 'attempt') === attempt);
};

function withProof(draft: Draft, end: UpkeepEvent, nowMs: number): Draft {
  const heal = describeHeal(end, nowMs);
  if (heal === null) return draft;
  return { ...draft, mark: heal.mark, title: heal.title, text: null, heal: heal.facts.length === 0 ? null : { ...heal, incident: null } };
}

/** The newest announcement of the same alert before this. */
function announcementOf(event: UpkeepEvent, index: number, events: readonly UpkeepEvent[]): UpkeepEvent | undefined {
  const alert = textOf(event, 'alert');
  return events.slice(0, index).findLast((other) => ANNOUNCING.includes(other.type) && textOf(other, 'alert') === alert);
}

/** The last word on each channel, and what is still being tried. */
function deliveriesOf(announced: UpkeepEvent, index: number, { events, alerts, nowMs }: IncidentInput): string[] {
  const words = new Map<string, string>();
  for (const [later, event] of events.entries()) {
    if (later <= index || (event.type !== 'alert.delivered' && event.type !== 'alert.undelivered') || announcementOf(event, later, events) !== announced) continue;
    const channel = textOf(event, 'channel') ?? 'a channel';
    const afterMs = Math.max(0, Date.parse(event.at) - Date.parse(announced.at));
    words.set(channel, event.type === 'alert.delivered' ? `${channel} was told after ${span(afterMs)}` : event.reason ?? `${channel} could not be told`);
  }
  const isNewest = events.findLast(({ type }) => ANNOUNCING.includes(type)) === announced;
  const waiting = isNewest ? alerts.filter(({ id }) => id === textOf(announced, 'alert')).flatMap(({ deliveries }) => deliveries) : [];
  for (const { channel, state, nextTryAt } of waiting) {
    if (state === 'pending' && nextTryAt !== null) words.set(channel, `${words.get(channel) ?? `${channel} is being told`} Next try ${momentOf(nextTryAt, nowMs)}.`);
    else if (state === 'waiting' && nextTryAt !== null) words.set(channel, `${channel} waits until ${momentOf(nextTryAt, nowMs)} (quiet hours)`);
    else if (state === 'suppressed') words.set(channel, `${channel} is not told (your settings)`);
    else if (state === 'sent' && !words.has(channel)) words.set(channel, `${channel} was told`);
  }
  return [...words.values()];
}

function endOf({ incident: { ended, outcome } }: IncidentInput): Draft[] {
  if (ended === null) return [];
  const end = (mark: MomentMark, title: string): Draft[] => [{ at: ended, key: 'ended', mark, title }];
  switch (outcome) {
    case 'open': return [];
    case 'healed': return end('good', 'Up again: the restart helped');
    case 'recovered': return end('good', 'Up again, by itself');
    case 'stopped': return end('quiet', 'Stopped by a person');
    case 'forgotten': return end('quiet', 'Taken out of services.json');
  }
}
