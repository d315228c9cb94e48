// A machine of a few services that a test takes through whatever happens: the domain's `step`, decisions and alerts folded over events, on virtual time.
// Does what the engine does with the answers, and no more: no checks, no managers, no timers.
import type { Configuration, ServiceConfiguration, Severity } from '../../supervisor/contract/configuration.ts';
import type { EventType } from '../../supervisor/contract/event.ts';
import type { HealResult, MonoMs, Reason } from '../../supervisor/contract/reason.ts';
import type { NotificationLevel } from '../../supervisor/contract/settings.ts';
import { judgeAlert } from '../../supervisor/domain/alert-policy.ts';
import type { MachineView } from '../../supervisor/domain/decision.ts';
import { explain } from '../../supervisor/domain/explain.ts';
import { withHealAt } from '../../supervisor/domain/heal-budget.ts';
import { acknowledged, addressed, deliveriesDue, heeded, isOver, repeated, reported, resolved, snoozed } from '../../supervisor/domain/outbox.ts';
import { judgeAttention, type AttentionRule } from '../../supervisor/domain/quiet-hours.ts';
import { nextRoundAt } from '../../supervisor/domain/schedule.ts';
import { step } from '../../supervisor/domain/service.ts';
import type { ServiceEvent } from '../../supervisor/domain/service-event.ts';
import { newService, type Alert, type Delivery, type ServiceState, type SupervisorState } from '../../supervisor/domain/state.ts';
import { reasonOf } from '../../supervisor/domain/status.ts';
import type { Now } from '../../supervisor/domain/time.ts';
import { at, clockTime, mono, wall } from './moment.ts';
import { KILLED, ROUNDS, type RoundKind } from './round.ts';
import { FIXED, NEEDS_PRIVILEGE, NOT_FIXED } from './service-state.ts';

const RESULTS = {
  fixed: FIXED, 'not-fixed': NOT_FIXED, refused: NEEDS_PRIVILEGE, superseded: { kind: 'superseded' }, interrupted: { kind: 'interrupted' },
} as const satisfies Record<HealResult['kind'], HealResult>;

export type Answer = 'accepted' | 'failed' | 'unavailable';

/** Everything that can happen to the machine. `service` is an id. */
export type Happening =
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'round'; readonly service: string; readonly says: RoundKind }
  /** The result of a round that began before something made it worthless. */
  | { readonly type: 'stale-round'; readonly service: string; readonly says: RoundKind }
  | { readonly type: 'exit'; readonly service: string }
  /** Nothing when no act is under way. */
  | { readonly type: 'act-ends'; readonly service: string; readonly result: HealResult['kind'] }
  | { readonly type: 'restart' | 'start' | 'stop' | 'stop-fails' | 'pause' | 'resume' | 'wake' | 'reconsider'; readonly service: string }
  | { readonly type: 'pause-all' | 'resume-all' }
  /** The state is written as JSON and read again. */
  | { readonly type: 'saved' }
  /** `kill -9` of Upkeep and its next start. */
  | { readonly type: 'killed' }
  /** A person answers the alert of the service, if there is one. `forMs` null: until it recovers. */
  | { readonly type: 'acknowledge'; readonly service: string }
  | { readonly type: 'snooze'; readonly service: string; readonly forMs: number | null }
  /** A person changes what the desktop may show, and quiet hours begin that last so long; 0: none. */
  | { readonly type: 'loudness'; readonly level: NotificationLevel; readonly quietForMs: number; readonly exceptCritical: boolean }
  /** A channel answers the notice it was given, if one was due. */
  | { readonly type: 'answer'; readonly channel: string; readonly answer: Answer };

/** What the journal would hold. */
export interface Told { readonly at: Now; readonly service: string; readonly type: EventType; readonly why: Reason; readonly facts: Readonly<Record<string, unknown>> }
export interface Handed { readonly at: Now; readonly alert: string; readonly level: Severity; readonly channel: string; readonly notice: Delivery['notice']; readonly answer: Answer }
/** One happening with the state on both sides of it. */
export interface Moment { readonly happening: Happening; readonly before: SupervisorState; readonly after: SupervisorState; readonly at: Now; readonly told: readonly Told[]; readonly handed: readonly Handed[] }

export const emptyState = (): SupervisorState =>
  ({ version: 1, clock: at(0), pause: null, healTimes: [], services: {}, alerts: [], managers: {} });

export class Machine {
  readonly configuration: Configuration;
  readonly told: Told[] = [];
  readonly handed: Handed[] = [];
  readonly moments: Moment[] = [];
  state: SupervisorState;
  now: Now;
  #loudness: AttentionRule = { level: 'all', quietUntilMs: null, exceptCritical: false };
  #ids = 0;
  readonly #lastRound = new Map<string, MonoMs>();

  constructor(configuration: Configuration, state: SupervisorState = emptyState()) {
    this.configuration = configuration;
    this.state = state;
    this.now = state.clock;
  }

  service(id = this.#first().id): ServiceState {
    return this.state.services[id] ?? newService();
  }

  policy(id = this.#first().id): ServiceConfiguration {
    const found = this.configuration.services.find((service) => service.id === id);
    if (found === undefined) throw new RangeError(`no service "${id}" in this machine`);
    return found;
  }

  view(): MachineView {
    const healing = this.configuration.services.filter(({ id }) => this.service(id).intent?.kind === 'heal').length;
    return { limits: this.configuration.limits, healTimes: this.state.healTimes, healing, pause: this.state.pause };
  }

  nextRoundAt(id = this.#first().id): MonoMs | null {
    return nextRoundAt(this.service(id), this.policy(id), this.view(), this.#lastRound.get(id) ?? null, this.now);
  }

  alertOf(id = this.#first().id): Alert | undefined {
    return this.state.alerts.find(({ service, phase }) => service === id && phase === 'active');
  }

  typesTold(): EventType[] {
    return this.told.map(({ type }) => type);
  }

  /** Lets it all happen, one after the other. */
  live(...happenings: readonly Happening[]): this {
    for (const happening of happenings) {
      const before = this.state;
      const already = this.told.length;
      const alreadyHanded = this.handed.length;
      this.#happen(happening);
      for (const { id } of this.configuration.services) this.#judge(id, false);
      this.#heed();
      this.state = { ...this.state, clock: this.now, alerts: this.state.alerts.filter((alert) => !isOver(alert, this.now.mono)) };
      this.moments.push({ happening, before, after: this.state, at: this.now, told: this.told.slice(already), handed: this.handed.slice(alreadyHanded) });
    }
    return this;
  }

  #first(): ServiceConfiguration {
    const [first] = this.configuration.services;
    if (first === undefined) throw new RangeError('this machine has no services');
    return first;
  }

  #happen(happening: Happening): void {
    switch (happening.type) {
      case 'wait':
        this.now = { mono: mono(this.now.mono + happening.ms), wall: at(this.now.mono + happening.ms).wall };
        return;
      case 'saved':
        this.state = JSON.parse(JSON.stringify(this.state)) as SupervisorState;
        return;
      case 'killed':
        this.state = JSON.parse(JSON.stringify(this.state)) as SupervisorState;
        for (const { id } of this.configuration.services) this.#dispatch(id, { type: 'restored' });
        return;
      case 'pause-all':
      case 'resume-all':
        this.state = { ...this.state, pause: happening.type === 'pause-all' ? { untilWallMs: null } : null };
        for (const { id } of this.configuration.services) this.#dispatch(id, { type: 'quiesced' });
        return;
      case 'answer':
        this.#answer(happening.channel, happening.answer);
        return;
      case 'acknowledge':
      case 'snooze': {
        const active = this.alertOf(happening.service);
        if (active === undefined) return;
        const untilWallMs = happening.type === 'snooze' && happening.forMs !== null ? wall(this.now.wall + happening.forMs) : null;
        this.#put(happening.type === 'acknowledge' ? acknowledged(active, this.now.mono) : snoozed(active, { untilWallMs }));
        return;
      }
      case 'loudness': {
        const { level, quietForMs, exceptCritical } = happening;
        this.#loudness = { level, exceptCritical, quietUntilMs: quietForMs === 0 ? null : wall(this.now.wall + quietForMs) };
        return;
      }
      case 'round':
        this.#round(happening.service, happening.says);
        return;
      case 'stale-round':
      case 'exit':
      case 'act-ends':
      case 'restart':
      case 'start':
      case 'stop':
      case 'stop-fails':
      case 'pause':
      case 'resume':
      case 'wake':
      case 'reconsider':
        this.#happenToOne(happening);
    }
  }

  #happenToOne(happening: Exclude<Happening, { readonly type: 'wait' | 'saved' | 'killed' | 'pause-all' | 'resume-all' | 'answer' | 'acknowledge' | 'snooze' | 'loudness' | 'round' }>): void {
    const { service: id } = happening;
    const { generation, intent } = this.service(id);
    switch (happening.type) {
      case 'stale-round': return this.#dispatch(id, { type: 'round-ended', generation: generation - 1, ...ROUNDS[happening.says] });
      case 'exit': return this.#dispatch(id, { type: 'exited', cause: KILLED });
      case 'act-ends':
        this.#dispatch(id, { type: 'act-ended', attempt: intent?.attempt ?? 'none', result: RESULTS[happening.result] });
        for (const other of this.configuration.services) if (this.service(other.id).toldHold === 'heals-under-way') this.#dispatch(other.id, { type: 'reconsidered' });
        return;
      case 'restart': return this.#dispatch(id, { type: 'act-asked', kind: 'heal', by: 'person' });
      case 'start': return this.#dispatch(id, { type: 'act-asked', kind: 'launch', by: 'person' });
      case 'stop': return this.#dispatch(id, { type: 'stop-asked' });
      case 'stop-fails': return this.service(id).stopped ? this.#dispatch(id, { type: 'stop-failed' }) : undefined;
      case 'pause': return this.#dispatch(id, { type: 'paused', pause: { untilWallMs: null } });
      case 'resume': return this.#dispatch(id, { type: 'resumed' });
      case 'wake': return this.#dispatch(id, { type: 'woke' });
      case 'reconsider': return this.#dispatch(id, { type: 'reconsidered' });
    }
  }

  /** As the loop does it: an open breaker is tried, and the result bears the generation in which the round began. */
  #round(id: string, says: RoundKind): void {
    if (this.service(id).breaker.state === 'open') this.#dispatch(id, { type: 'trial-began' });
    this.#lastRound.set(id, this.now.mono);
    this.#dispatch(id, { type: 'round-ended', generation: this.service(id).generation, ...ROUNDS[says] });
  }

  #dispatch(id: string, event: ServiceEvent): void {
    this.#ids += 1;
    const context = { policy: this.policy(id), alerts: this.configuration.alerts, machine: this.view(), now: this.now, freshId: String(this.#ids) };
    const { service, effects } = step(this.service(id), event, context);
    this.state = { ...this.state, services: { ...this.state.services, [id]: service } };
    for (const effect of effects) {
      if (effect.kind === 'event') this.#tell(id, effect.type, effect.why, effect.facts);
      else if (effect.intent.kind === 'heal') this.state = { ...this.state, healTimes: withHealAt(this.state.healTimes, this.now.mono) };
    }
    this.#judge(id, effects.some((effect) => effect.kind === 'event' && effect.type === 'heal.succeeded' && effect.facts?.['by'] === 'upkeep'));
  }

  #tell(service: string, type: EventType, why: Reason, facts: Readonly<Record<string, unknown>> = {}): void {
    this.told.push({ at: this.now, service, type, why, facts });
  }

  #put(alert: Alert): void {
    this.state = { ...this.state, alerts: [...this.state.alerts.filter(({ id }) => id !== alert.id), alert] };
  }

  #judge(id: string, healed: boolean): void {
    const service = this.service(id);
    const policy = this.policy(id);
    const active = this.alertOf(id);
    const { alerts } = this.configuration;
    const { act } = judgeAlert({ service, policy, alerts, machine: this.view(), active, now: this.now });
    if (act === 'none' && !healed) return;
    const why = reasonOf(service, policy, this.view(), this.now);
    const message = explain(why, clockTime);
    const announce = (phase: 'active' | 'notice'): Alert => {
      this.#ids += 1;
      const alert = { id: `${phase}-${this.#ids}`, service: id, level: policy.severity, sinceMs: this.now.mono, announcedMs: this.now.mono, incident: service.incident?.id ?? null, title: id, message, phase };
      this.#put(addressed(alert, alerts.levels[policy.severity].to, this.now.mono));
      return this.state.alerts.find((known) => known.id === alert.id) ?? addressed(alert, [], this.now.mono);
    };
    if (act === 'raise') this.#tell(id, 'alert.raised', why, { alert: announce('active').id });
    else if (act === 'none') {
      if (alerts.notifyOnFix) announce('notice');
    } else if (active !== undefined) {
      this.#put(act === 'repeat' ? repeated(active, message, this.now.mono) : resolved(active, service.stopped ? 'stopped' : 'recovered', id, message, this.now.mono));
      this.#tell(id, act === 'repeat' ? 'alert.repeated' : 'alert.resolved', why, { alert: active.id });
    }
  }

  /** The desktop is the channel that may interrupt a person. */
  #heed(): void {
    const { quietUntilMs } = this.#loudness;
    if (quietUntilMs !== null && this.now.wall >= quietUntilMs) this.#loudness = { ...this.#loudness, quietUntilMs: null };
    const alerts = heeded(this.state.alerts, (alert, delivery) => (delivery.channel === 'desktop' ? judgeAttention(delivery, alert.level, this.#loudness) : { kind: 'now' }), this.now);
    this.state = { ...this.state, alerts };
  }

  #answer(channel: string, answer: Answer): void {
    this.#heed();
    const due = deliveriesDue(this.state.alerts, this.now.mono).find(({ delivery }) => delivery.channel === channel);
    if (due === undefined) return;
    const { alert, delivery: { notice } } = due;
    const error = answer === 'accepted' ? null : answer;
    this.handed.push({ at: this.now, alert: alert.id, level: alert.level, channel, notice, answer });
    this.#put(reported(alert, { channel, notice, accepted: answer === 'accepted', unavailable: answer === 'unavailable', error, retryAfterMs: 0 }, this.now.mono));
  }
}
