// Answers what the page of an incident says: what it was in one sentence, and every moment of it from the first symptom to its end. Pure.
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { Incident } from '../../supervisor/contract/history.ts';
import type { ServiceSnapshot } from '../../supervisor/contract/snapshot.ts';
import { count, exactTime, span } from '../parts/words.ts';
import { hashOf } from '../route.ts';
import { type CourseView, describeCourse } from '../service/course-view.ts';
import { describeNext } from '../service/next-view.ts';
import { describeMoments, type IncidentInput, type MomentView } from './incident-moments.ts';

export interface IncidentView {
  readonly headline: string;
  readonly mark: 'up' | 'down' | 'healing' | 'stopped' | 'unknown';
  readonly isOpen: boolean;
  readonly service: { readonly id: string; readonly name: string; readonly hash: string };
  readonly facts: readonly { readonly label: string; readonly value: string; readonly exact: string | null }[];
  readonly moments: readonly MomentView[];
  /** How it stands and what comes next; null: it is over. */
  readonly now: { readonly reason: string; readonly next: readonly string[]; readonly course: CourseView; readonly canRestart: boolean } | null;
}

export function describeIncident(input: IncidentInput): IncidentView {
  const { incident, service, nowMs } = input;
  const name = service?.name ?? incident.service;
  const isOpen = incident.ended === null;
  return {
    headline: describeHeadline(input, name),
    mark: markOf(incident, service),
    isOpen,
    service: { id: incident.service, name, hash: hashOf({ screen: 'service', service: incident.service }) },
    facts: describeFacts(incident, nowMs),
    moments: describeMoments(input),
    now: !isOpen || service === null ? null
      : { reason: service.reason, next: describeNext(service, nowMs), course: describeCourse(service.heal, nowMs), canRestart: service.manager !== null && service.heal.underWay === null },
  };
}

const lastedMs = ({ began, ended }: Incident, nowMs: number): number => Math.max(0, (ended === null ? nowMs : Date.parse(ended)) - Date.parse(began));

/** "Postgres was down for 3 min 12 s; Upkeep fixed it." */
function describeHeadline({ incident, events, nowMs }: IncidentInput, name: string): string {
  const lasted = span(lastedMs(incident, nowMs));
  switch (incident.outcome) {
    case 'open': return `${name} has been down for ${lasted}`;
    case 'healed': return `${name} was down for ${lasted}; ${healerOf(events)} fixed it`;
    case 'recovered': return `${name} was down for ${lasted}; it came back by itself`;
    case 'stopped': return `${name} was down for ${lasted}, until it was stopped by a person`;
    case 'forgotten': return `${name} was down for ${lasted}, until it was taken out of services.json`;
  }
}

function healerOf(events: readonly UpkeepEvent[]): string {
  const heal = events.findLast(({ type }) => type === 'heal.succeeded');
  return heal?.['by'] === 'person' ? "a person's restart" : 'Upkeep';
}

function markOf({ outcome }: Incident, service: ServiceSnapshot | null): IncidentView['mark'] {
  switch (outcome) {
    case 'open': return service?.status === 'healing' ? 'healing' : 'down';
    case 'healed': case 'recovered': return 'up';
    case 'stopped': return 'stopped';
    case 'forgotten': return 'unknown';
  }
}

function describeFacts({ symptom, began, detected, ended, heals, severity }: Incident, nowMs: number): IncidentView['facts'] {
  const at = (time: string) => exactTime(time);
  const fact = (label: string, value: string, exact: string | null = null) => ({ label, value, exact });
  return [
    fact('What showed it', symptom),
    fact('Began', at(began)),
    fact('Detected', `${span(Math.max(0, Date.parse(detected) - Date.parse(began)))} after the first symptom`, at(detected)),
    ended === null ? fact('Lasts', span(Math.max(0, nowMs - Date.parse(began)))) : fact('Over', at(ended)),
    fact('Restarts', heals === 0 ? 'none' : count(heals, 'restart')),
    fact('Level', severity),
  ];
}
