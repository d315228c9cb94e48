// What is told of a change in the life of a service: which events, with which reason.
// Turns no reason into words; see explain.ts.
import type { EventType } from '../contract/event.ts';
import type { StepContext, Told } from './service-event.ts';
import type { ServiceState } from './state.ts';
import { reasonOf } from './status.ts';

/** The incident an event belongs to, as one of its facts; none: no fact. */
export const incidentFact = ({ incident }: Pick<ServiceState, 'incident'>): { readonly incident?: string } => (incident === null ? {} : { incident: incident.id });

/** An event that carries the reason the service has in that state, and its incident. */
export const tell = (type: EventType, service: ServiceState, context: StepContext, facts: Readonly<Record<string, unknown>> = {}): Told =>
  ({ kind: 'event', type, why: reasonOf(service, context.policy, context.machine, context.now), facts: { ...incidentFact(service), ...facts } });

const BREAKER_EVENT = { closed: 'breaker.closed', open: 'breaker.opened', 'half-open': 'breaker.half-opened' } as const;

/** Events for what has visibly changed between two states. A trial that belongs to no incident (a first start, a person's restart) is no news. */
export function changes(before: ServiceState, after: ServiceState, context: StepContext): Told[] {
  const effects: Told[] = [];
  const { breaker } = after;
  if (before.intent !== null && after.intent !== null) return effects;
  // What ends an incident belongs to it too.
  const facts = incidentFact(before);
  if (before.breaker.state !== breaker.state && (before.incident !== null || after.incident !== null)) {
    effects.push(tell(BREAKER_EVENT[breaker.state], after, context, { ...facts, failures: after.failedRounds }));
  }
  if (before.verdict !== after.verdict) effects.push(tell(`service.${after.verdict}`, after, context, facts));
  return effects;
}
