// The commands of contract/api.ts, in process: checks the input, turns ids into acts and results into sentences.
// Carries nothing over a process boundary and performs nothing itself.
import { createAlertHandlers } from './alert-api.ts';
import { API, ApiError, type ActOutcome, type CommandInput, type CommandName, type CommandResult, type UpkeepApi } from './contract/api.ts';
import type { HealResult, Refusal } from './contract/reason.ts';
import { describeElapsed } from './domain/elapsed.ts';
import { describeWait, type FormatTime } from './domain/explain.ts';
import { wall } from './domain/time.ts';
import { createHistoryHandlers, type HistoryApiParts } from './history-api.ts';
import type { Clock, Journal } from './ports.ts';
import type { ServiceLoop } from './service-loop.ts';
import type { Supervisor } from './supervisor.ts';

export interface SupervisorApiParts {
  readonly supervisor: Supervisor;
  readonly journal: Journal;
  readonly history: Pick<HistoryApiParts, 'store' | 'reader' | 'storage'>;
  readonly clock: Clock;
  readonly format: FormatTime;
  readonly diagnostics: () => Promise<CommandResult<'diagnostics'>>;
  /** Ids that look like the wanted one. */
  readonly closest: (wanted: string, ids: readonly string[]) => readonly string[];
  /** The address of the panel for a browser; it works once. Rejects with `ApiError`. */
  readonly openPanel: () => Promise<string>;
}

type Handlers = { readonly [Name in CommandName]: (input: CommandInput<Name>) => Promise<CommandResult<Name>> };

export function createSupervisorApi({ supervisor, journal, history, clock, format, diagnostics, closest, openPanel }: SupervisorApiParts): UpkeepApi {
  const stateOf = supervisor.service;
  const reasonNow = supervisor.reason;

  const unknown = (id: string): never => {
    const close = closest(id, supervisor.ids());
    throw new ApiError('unknown-service', `There is no service "${id}".${close.length > 0 ? ` Did you mean ${close.map((name) => `"${name}"`).join(' or ')}?` : ''}`);
  };
  const loopOf = (id: string): ServiceLoop => supervisor.loop(id) ?? unknown(id);
  const wanted = (ids: readonly string[] | undefined): readonly string[] => {
    for (const id of ids ?? []) loopOf(id);
    return ids ?? supervisor.ids();
  };

  const refused = (verb: string, id: string, { code, message }: Refusal): string => `Cannot ${verb} "${id}": ${message} (${code})`;
  const outcome = (service: string, ok: boolean, message: string): ActOutcome => ({ service, ok, message });
  const watchedOnly = (id: string): ActOutcome => outcome(id, false, `"${id}" is only watched: it has no service manager that could start or stop it.`);

  const told = (id: string, result: HealResult, verb: 'restart' | 'start', done: string): ActOutcome => {
    switch (result.kind) {
      case 'fixed': return outcome(id, true, `${done}; up after ${describeElapsed(result.tookMs)}.`);
      case 'not-fixed': return outcome(id, false, `${done}, but it did not come up${describeWait(result.tookMs)}: ${result.evidence.replace(/[.\s]+$/, '')}.`);
      case 'refused': return outcome(id, false, refused(verb, id, result.refusal));
      case 'superseded': return outcome(id, false, 'Something else took over before it was done.');
      case 'interrupted': return outcome(id, false, 'Upkeep was interrupted before it was done.');
    }
  };

  async function restart(id: string): Promise<ActOutcome> {
    if (loopOf(id).manager === null) return watchedOnly(id);
    return told(id, await supervisor.act(id, 'heal'), 'restart', 'Restarted');
  }

  async function start(id: string): Promise<ActOutcome> {
    const { manager } = loopOf(id);
    if (manager === null) return watchedOnly(id);
    const { stopped, verdict, intent } = stateOf(id);
    if (!stopped && intent === null && verdict === 'up') return outcome(id, true, 'It is running already.');
    return told(id, await supervisor.act(id, 'launch'), 'start', 'Started');
  }

  async function stop(id: string): Promise<ActOutcome> {
    const loop = loopOf(id);
    if (loop.manager === null) return watchedOnly(id);
    supervisor.dispatch(id, { type: 'stop-asked' });
    await supervisor.persist();
    const stopped = await loop.stopService(loop.configuration.heal.stopWithinMs);
    if (stopped.ok) return outcome(id, true, 'Stopped; stays stopped until you start it.');
    supervisor.dispatch(id, { type: 'stop-failed' });
    return outcome(id, false, refused('stop', id, stopped.refusal));
  }

  async function log(id: string, lines: number): Promise<CommandResult<'log'>> {
    const read = await loopOf(id).manager?.log?.(lines, new AbortController().signal);
    if (read === undefined) return { source: null, lines: [] };
    if (!read.ok) throw new ApiError('failed', refused('read the log of', id, read.refusal));
    return { source: read.source, lines: [...read.lines] };
  }

  const isFailing = (id: string): boolean => {
    const { verdict, failedRounds } = stateOf(id);
    return verdict === 'down' || failedRounds > 0;
  };
  async function look(id: string): Promise<ActOutcome> {
    const { stopped, intent } = stateOf(id);
    if (!stopped && intent === null) await loopOf(id).roundNow();
    const { verdict } = stateOf(id);
    return outcome(id, !isFailing(id) && (verdict === 'up' || verdict === 'degraded'), reasonNow(id));
  }

  /** Only what fails is restarted; without ids, what is fine goes unmentioned. At most as many at once as the limits allow. */
  async function heal(ids: readonly string[] | undefined): Promise<ActOutcome[]> {
    const waiting = [...wanted(ids)];
    const outcomes: ActOutcome[] = [];
    const one = async (id: string): Promise<void> => {
      const looked = await look(id);
      if (isFailing(id) || stateOf(id).intent !== null) outcomes.push(await restart(id));
      else if (ids !== undefined) outcomes.push(looked);
    };
    const worker = async (): Promise<void> => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await one(id);
    };
    await Promise.all(Array.from({ length: supervisor.limits().concurrentHeals }, worker));
    return outcomes;
  }

  function pause({ service, until }: CommandInput<'pause'>): ActOutcome[] {
    const untilWallMs = until === undefined ? null : wall(Date.parse(until));
    if (untilWallMs !== null && untilWallMs <= clock.now().wall) throw new ApiError('bad-request', `expected "until" to lie in the future, got "${until ?? ''}"`);
    if (service === undefined) {
      supervisor.pauseAll({ untilWallMs });
      return supervisor.ids().map((id) => outcome(id, true, reasonNow(id)));
    }
    loopOf(service);
    supervisor.dispatch(service, { type: 'paused', pause: { untilWallMs } });
    return [outcome(service, true, reasonNow(service))];
  }

  async function resume(service: string | undefined): Promise<ActOutcome[]> {
    if (service !== undefined) loopOf(service);
    const ids = service === undefined ? supervisor.ids() : [service];
    const pausedAll = supervisor.pauseOfAll() !== null;
    if (service !== undefined && pausedAll) return [outcome(service, false, 'Everything is paused; resume everything instead.')];
    for (const id of ids) if (stateOf(id).pause !== null) supervisor.dispatch(id, { type: 'resumed' });
    if (service === undefined && pausedAll) supervisor.pauseAll(null);
    return Promise.all(ids.map(async (id) => ({ ...(await look(id)), ok: true })));
  }

  const handlers: Handlers = {
    ...createAlertHandlers({ supervisor, clock, format }),
    status: async () => supervisor.snapshot(),
    ...createHistoryHandlers({ ...history, journal, unknown, ids: supervisor.ids, nowMs: () => clock.now().wall }),
    log: ({ service, lines }) => log(service, lines ?? 100),
    diagnostics,
    openPanel: async () => ({ address: await openPanel() }),
    restart: ({ service }) => restart(service),
    start: ({ service }) => start(service),
    stop: ({ service }) => stop(service),
    heal: ({ services }) => heal(services),
    checkNow: ({ services }) => Promise.all(wanted(services).map(look)),
    pause: async (input) => {
      const outcomes = pause(input);
      await supervisor.persist();
      return outcomes;
    },
    resume: async ({ service }) => {
      const outcomes = await resume(service);
      await supervisor.persist();
      return outcomes;
    },
  };

  return {
    async call(name, input) {
      const parsed = API[name].input.safeParse(input);
      if (!parsed.success) throw new ApiError('bad-request', parsed.error.issues.map((issue) => `${issue.path.join('.') || name}: ${issue.message}`).join('; '));
      return handlers[name](input);
    },
    subscribe: (listener) => supervisor.feed.subscribe(listener),
  };
}
