// Answers what the list of a service's incidents says of each. Pure.
import type { Incident } from '../../supervisor/contract/history.ts';
import { count, span, timeView, type TimeView } from '../parts/words.ts';
import { hashOf } from '../route.ts';

export interface IncidentRow {
  readonly key: string;
  readonly hash: string;
  readonly mark: 'good' | 'bad' | 'quiet';
  readonly at: TimeView;
  readonly lasted: string;
  readonly how: string;
  readonly symptom: string;
}

const ENDS: Readonly<Record<Incident['outcome'], string>> = {
  open: 'not over', healed: 'healed', recovered: 'recovered by itself', stopped: 'stopped by a person', forgotten: 'left services.json',
};

export function describeIncidentRow({ id, began, ended, outcome, symptom, heals }: Incident, nowMs: number): IncidentRow {
  const lastedMs = (ended === null ? nowMs : Date.parse(ended)) - Date.parse(began);
  return {
    key: id, hash: hashOf({ screen: 'incident', incident: id }),
    mark: outcome === 'open' ? 'bad' : outcome === 'healed' ? 'good' : 'quiet',
    at: timeView(began, nowMs),
    lasted: `${ended === null ? 'down for' : 'was down for'} ${span(Math.max(0, lastedMs))}`,
    how: `${ENDS[outcome]}${heals === 0 ? '' : ` after ${count(heals, 'restart')}`}`,
    symptom,
  };
}
