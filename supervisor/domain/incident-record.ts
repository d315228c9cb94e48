// What the history keeps of a change in the life of a service: an incident that began or ended, a heal that ended.
// Compares the state before and after; writes nothing.
import type { ServiceConfiguration } from '../contract/configuration.ts';
import type { Symptom } from '../contract/reason.ts';
import { describeSymptom } from './explain.ts';
import type { StoredHeal, StoredIncident } from './history-rows.ts';
import { healsFailure } from './liveness.ts';
import type { ServiceEvent } from './service-event.ts';
import type { Incident, ServiceState } from './state.ts';
import { toWall, type Now } from './time.ts';

export interface Change { readonly configuration: ServiceConfiguration; readonly before: ServiceState; readonly after: ServiceState; readonly happened: ServiceEvent; readonly now: Now }

/** "http check", "exit code", "out of memory": what statistics of heals are sorted by. */
export function causeOf(symptom: Symptom | null): string {
  if (symptom === null) return 'no symptom';
  return symptom.kind === 'check' ? `${symptom.check} check` : symptom.cause.kind.replaceAll('-', ' ');
}

/** One sentence. What stands in front of a check's words is its name and stays as it is. */
function symptomSentence(symptom: Symptom | null): string {
  if (symptom?.kind === 'check') return `${describeSymptom(symptom)}.`;
  const text = symptom === null ? 'it failed' : describeSymptom(symptom);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** The incident as it begins. */
export function begunIncident({ id, sinceMs }: Incident, { configuration, after, now }: Change): StoredIncident {
  const detectedMs = after.verdict === 'down' && after.verdictSinceMs !== null ? after.verdictSinceMs : now.mono;
  return {
    id, service: configuration.id, severity: configuration.severity, beganMs: toWall(sinceMs, now), detectedMs: toWall(detectedMs, now),
    endedMs: null, outcome: 'open', symptom: symptomSentence(after.symptom), downMs: 0,
  };
}

/** How the incident of `before` ended in this change; null: it has not. */
export function endOf({ before, after, happened }: Change): 'healed' | 'recovered' | 'stopped' | null {
  if (before.incident === null || before.incident.id === after.incident?.id) return null;
  if (after.stopped) return 'stopped';
  return happened.type === 'act-ended' && happened.result.kind === 'fixed' ? 'healed' : 'recovered';
}

/** The heal that ended in this change, when it was of something that failed; null: none. */
export function endedHeal({ configuration, before, after, now }: Change): StoredHeal | null {
  const { intent, incident } = before;
  if (intent?.kind !== 'heal' || after.intent?.attempt === intent.attempt || !healsFailure(before, intent)) return null;
  const result = after.lastHeal?.attempt === intent.attempt ? after.lastHeal.result.kind : 'superseded';
  return {
    attempt: intent.attempt, service: configuration.id, by: intent.by, manager: configuration.manager?.type ?? 'none', cause: causeOf(intent.symptom),
    beganMs: toWall(intent.startedMs, now), endedMs: now.wall, result, incident: incident?.id ?? null,
  };
}
