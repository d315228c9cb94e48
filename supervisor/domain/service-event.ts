// What can happen to a service and what can follow from it: the words between engine and domain.
// Types only.
import type { AlertConfiguration, ServiceConfiguration } from '../contract/configuration.ts';
import type { EventType } from '../contract/event.ts';
import type { ExitCause, HealResult, HealStep, Reason } from '../contract/reason.ts';
import type { MachineView } from './decision.ts';
import type { Actor, CheckRecord, Intent, Pause, ServiceState } from './state.ts';
import type { Now } from './time.ts';
import type { RoundVerdict } from './verdict.ts';

export type ServiceEvent =
  /** Supervision begins with what was remembered. */
  | { readonly type: 'restored' }
  /** An open breaker lets one round through. */
  | { readonly type: 'trial-began' }
  | { readonly type: 'round-ended'; readonly generation: number; readonly records: readonly CheckRecord[]; readonly verdict: RoundVerdict }
  /** The manager's own event: it has exited by itself. */
  | { readonly type: 'exited'; readonly cause: ExitCause }
  /** Time has passed or a heal elsewhere has ended: decide again. */
  | { readonly type: 'reconsidered' }
  /** Start it, stopping it first (`heal`) or not (`launch`), whatever cooldown and budgets say. */
  | { readonly type: 'act-asked'; readonly kind: Intent['kind']; readonly by: Actor }
  | { readonly type: 'step-reached'; readonly attempt: string; readonly step: HealStep }
  /** The last lines it wrote before the act. */
  | { readonly type: 'log-read'; readonly attempt: string; readonly lines: readonly string[] }
  | { readonly type: 'act-ended'; readonly attempt: string; readonly result: HealResult }
  | { readonly type: 'stop-asked' }
  | { readonly type: 'stop-failed' }
  | { readonly type: 'paused'; readonly pause: Pause }
  | { readonly type: 'resumed' }
  /** Rounds under way are worthless, nothing else has changed (pause of everything, new configuration). */
  | { readonly type: 'quiesced' }
  | { readonly type: 'woke' };

/** Something to tell: journal, log and everybody who listens. */
export interface Told { readonly kind: 'event'; readonly type: EventType; readonly why: Reason; readonly facts?: Readonly<Record<string, unknown>> }

export type Effect =
  | Told
  /** Perform the act of the intent now in the state, once that state is on disk. */
  | { readonly kind: 'begin'; readonly intent: Intent };

export interface StepContext {
  readonly policy: ServiceConfiguration;
  readonly alerts: AlertConfiguration;
  readonly machine: MachineView;
  readonly now: Now;
  /** A new random text, in case the step needs an id. */
  readonly freshId: string;
}
export interface Stepped { readonly service: ServiceState; readonly effects: readonly Effect[] }
