// What the supervisor remembers: everything that must survive `kill -9` and a restart, and nothing else.
// Types and their beginnings only. Times are on the supervision clock unless their name says wall.
import type { Severity } from '../contract/configuration.ts';
import type { HealResult, HealStep, Hold, MonoMs, Symptom, WallMs } from '../contract/reason.ts';
import { CLOSED, type Breaker } from './breaker.ts';

/** `unknown`: never judged, or not judged since something made the last judgement worthless. */
export type Verdict = 'up' | 'degraded' | 'down' | 'unknown';

/** What one check said in the last round. */
export interface CheckRecord {
  readonly type: string;
  readonly target: string;
  readonly ok: boolean | null;
  readonly latencyMs: number | null;
  readonly error: string | null;
  readonly atMs: MonoMs;
}

/** Ends by the wall clock, because a person said "until tomorrow"; null: a person ends it. */
export interface Pause { readonly untilWallMs: WallMs | null }

export type Actor = 'upkeep' | 'person';

/** A step of an act, and when it was reached. */
export interface ReachedStep { readonly step: HealStep; readonly atMs: MonoMs }

/** An act that has begun. On disk before the act; gone when its result is. */
export interface Intent {
  readonly attempt: string;
  /** `heal`: stop and start, counted in the budgets. `launch`: start only, because supervision or a person begins with it; no heal. */
  readonly kind: 'heal' | 'launch';
  readonly by: Actor;
  /** Where it is; before the first step is reached: the one it begins with. */
  readonly step: HealStep;
  /** What it has reached, in order. After a crash of Upkeep a step may be there twice: it was taken twice. */
  readonly steps: readonly ReachedStep[];
  readonly startedMs: MonoMs;
  readonly symptom: Symptom | null;
  /** When the trouble was first seen: the start of "seconds lost". */
  readonly downSinceMs: MonoMs;
  /** Verifying rounds so far. */
  readonly verification: { readonly rounds: number; readonly passed: number };
  /** The last lines the service wrote before it was touched; empty: not read (yet), or nobody keeps them. */
  readonly log: readonly string[];
}

export interface HealRecord {
  readonly attempt: string;
  readonly by: Actor;
  readonly startedMs: MonoMs;
  readonly endedMs: MonoMs;
  readonly symptom: Symptom | null;
  readonly result: HealResult;
}

/** Trouble of one service from its first failed round until the breaker is closed again. */
export interface Incident {
  readonly id: string;
  readonly sinceMs: MonoMs;
  /** Heals that ended without fixing it. */
  readonly failedHeals: number;
  /** Of these: Upkeep's own in which the service was restarted, and it did not help. */
  readonly vainHeals: number;
}

export interface ServiceState {
  readonly breaker: Breaker;
  readonly verdict: Verdict;
  readonly verdictSinceMs: MonoMs | null;
  /** Failed rounds in a row, also while the breaker is open. */
  readonly failedRounds: number;
  /** Passed rounds in a row. */
  readonly passedRounds: number;
  readonly symptom: Symptom | null;
  /** First failed round of the present row; null: the last round did not fail. */
  readonly failingSinceMs: MonoMs | null;
  /** Why the verdict is `unknown`, in words; null: not checked yet. */
  readonly inconclusive: string | null;
  readonly checks: readonly CheckRecord[];
  /** Raised by everything that makes rounds under way worthless; their results are then dropped. */
  readonly generation: number;
  /** A person stopped it; stays so until a person starts it. */
  readonly stopped: boolean;
  readonly pause: Pause | null;
  /** No automatic heal before this: the machine has just woken. */
  readonly graceUntilMs: MonoMs | null;
  /** Beginnings of heals in the last hour, a person's included. */
  readonly healTimes: readonly MonoMs[];
  /** The cooldown the next heal has to keep; null: the policy's first. */
  readonly cooldownMs: number | null;
  /** Since when it has been up without a break; null: it is not. */
  readonly healthySinceMs: MonoMs | null;
  readonly intent: Intent | null;
  readonly lastHeal: HealRecord | null;
  readonly incident: Incident | null;
  /** The hold that was told last, so that the same one is not told every round. */
  readonly toldHold: Hold['code'] | null;
}

/** What one channel has still to be told, or was told last, of one alert. */
export interface Delivery {
  readonly channel: string;
  readonly notice: 'raised' | 'repeated' | 'resolved' | 'fixed';
  /** `waiting`: quiet hours, until `nextTryMs`. `suppressed`: the person's settings do not want it there. */
  readonly state: 'pending' | 'sent' | 'unavailable' | 'waiting' | 'suppressed';
  readonly attempts: number;
  readonly nextTryMs: MonoMs;
  readonly error: string | null;
  /** Whether this channel has accepted anything of this alert: then it must also get the resolution. */
  readonly told: boolean;
  /** Whether it was said already that this channel did not take something of this alert: it is said once. */
  readonly missed: boolean;
}

/** Ends by the wall clock, because a person said "until tomorrow"; null: the recovery ends it. */
export interface Snooze { readonly untilWallMs: WallMs | null }

export interface Alert {
  readonly id: string;
  readonly service: string;
  readonly level: Severity;
  readonly sinceMs: MonoMs;
  /** When it was last announced; the repeat counts from here. */
  readonly announcedMs: MonoMs;
  /** The incident it tells of; null: a notice, which tells of none, or an alert that 0.1 raised. */
  readonly incident: string | null;
  readonly title: string;
  readonly message: string;
  /** `notice`: tells of a fix and asks nothing. */
  readonly phase: 'active' | 'resolved' | 'notice';
  /** How it ended; null: it has not, or it is a notice. */
  readonly ended: 'recovered' | 'stopped' | 'removed' | null;
  /** A person knows of it since then; null: nobody has said so. */
  readonly acknowledgedMs: MonoMs | null;
  readonly snooze: Snooze | null;
  readonly deliveries: readonly Delivery[];
}

export interface SupervisorState {
  readonly version: 1;
  /** Both clocks at the time of saving: the supervision clock goes on from here. */
  readonly clock: { readonly mono: MonoMs; readonly wall: WallMs };
  readonly pause: Pause | null;
  /** Beginnings of heals of all services in the last hour, a person's included. */
  readonly healTimes: readonly MonoMs[];
  readonly services: Readonly<Record<string, ServiceState>>;
  readonly alerts: readonly Alert[];
  /** What service managers keep for themselves, by service id. */
  readonly managers: Readonly<Record<string, unknown>>;
}

/** What is remembered of a service; undefined: nothing. Not a plain look-up: `constructor` is a legal id. */
export const remembered = (services: Readonly<Record<string, ServiceState>>, id: string): ServiceState | undefined =>
  Object.hasOwn(services, id) ? services[id] : undefined;

export const newService = (): ServiceState => ({
  breaker: CLOSED, verdict: 'unknown', verdictSinceMs: null, failedRounds: 0, passedRounds: 0, symptom: null, failingSinceMs: null, inconclusive: null, checks: [],
  generation: 0, stopped: false, pause: null, graceUntilMs: null, healTimes: [], cooldownMs: null, healthySinceMs: null,
  intent: null, lastHeal: null, incident: null, toldHold: null,
});
