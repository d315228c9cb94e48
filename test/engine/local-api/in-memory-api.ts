// A supervisor's API without a supervisor: services that are only names, acts that succeed when told to.
import { API, ApiError, type ActOutcome, type CommandInput, type CommandName, type CommandResult, type LiveMessage, type UpkeepApi } from '../../../supervisor/contract/api.ts';
import type { UpkeepEvent } from '../../../supervisor/contract/event.ts';
import { WINDOWS, type Statistics } from '../../../supervisor/contract/history.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../supervisor/contract/settings.ts';
import type { ServiceSnapshot, Snapshot } from '../../../supervisor/contract/snapshot.ts';

export function serviceSnapshot(id: string, differs: Partial<ServiceSnapshot> = {}): ServiceSnapshot {
  return {
    id, name: id, group: null, url: null, severity: 'critical', manager: 'process', status: 'up', since: '2026-11-22T13:00:00.000Z',
    reason: 'Every check passes.', why: { code: 'healthy', checks: 2 },
    breaker: { state: 'closed', failures: 0, successes: 0, openUntil: null },
    heal: { auto: true, lastAt: null, inLastHour: 0, maxPerHour: 3, nextAllowedAt: null, resetsAt: null, underWay: null, last: null },
    incident: null, hasLog: false, checks: [], paused: false, pausedUntil: null, ...differs,
  };
}

export function snapshot(differs: Partial<Snapshot> = {}): Snapshot {
  return {
    overall: 'healthy', at: '2026-11-22T14:02:11.000Z', pid: 4711, running: true, version: '0.1.0', pausedUntil: null, paused: false,
    services: [serviceSnapshot('api'), serviceSnapshot('postgres', { name: 'Postgres' })], alerts: [], channels: [],
    config: { file: '/srv/services.json', error: null }, notes: [], ...differs,
  };
}

/** Nothing is known, unless said otherwise. */
export const statisticsOf = (service: string | null, differs: Partial<Statistics> = {}): Statistics => ({
  service, at: '2026-11-22T14:02:11.000Z', windows: WINDOWS.map((window) => ({ window, availability: null, up: 0, down: 0, unknown: 86_400, incidents: 0 })),
  meanTimeToDetectMs: null, meanTimeToHealMs: null, longestOutage: null, heals: { total: 0, fixed: 0, byManager: [], byCause: [] }, alertsPerWeek: 0, ...differs,
});

type Answers = { [Name in CommandName]: (input: CommandInput<Name>) => Promise<CommandResult<Name>> };

export class InMemoryApi implements UpkeepApi {
  current = snapshot();
  events: UpkeepEvent[] = [];
  settings: Settings = DEFAULT_SETTINGS;
  /** By service, and under "" of all; of the others nothing is known. */
  statistics: Readonly<Record<string, Statistics>> = {};
  /** What acts answer; `ok: false` to have them refused. */
  outcome: Omit<ActOutcome, 'service'> = { ok: true, message: 'It serves again after 0.4 s.' };
  /** Acts wait for this. */
  gate: Promise<void> = Promise.resolve();
  readonly calls: { readonly name: CommandName; readonly input: unknown }[] = [];
  readonly #listeners = new Set<{ readonly listener: (message: LiveMessage) => void }>();

  get subscribers(): number { return this.#listeners.size; }

  async call<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<CommandResult<Name>> {
    const parsed = API[name].input.safeParse(input);
    if (!parsed.success) throw new ApiError('bad-request', `${name}: ${parsed.error.issues.map(({ message }) => message).join('; ')}`);
    this.calls.push({ name, input });
    if (API[name].effect === 'act') await this.gate;
    return this.#answers[name](input);
  }

  subscribe(listener: (message: LiveMessage) => void): () => void {
    const subscription = { listener };
    this.#listeners.add(subscription);
    listener({ kind: 'snapshot', snapshot: this.current });
    return () => { this.#listeners.delete(subscription); };
  }

  tell(message: LiveMessage): void {
    for (const { listener } of this.#listeners) listener(message);
  }

  readonly #answers: Answers = {
    status: () => Promise.resolve(this.current),
    history: ({ service, types, since = '', limit = 100 }) =>
      Promise.resolve(this.events.filter((event) => (service === undefined || event.service === service) && (types === undefined || types.includes(event.type)) && event.at >= since).slice(0, limit)),
    overview: () => Promise.resolve({ at: this.current.at, services: [] }),
    series: ({ service, from, to = this.current.at }) => Promise.resolve({ service, from, to, resolution: 'minute', buckets: [] }),
    statistics: ({ service = null }) => {
      if (service !== null && this.current.services.every(({ id }) => id !== service) && this.statistics[service] === undefined) throw new ApiError('unknown-service', `There is no service "${service}".`);
      return Promise.resolve(this.statistics[service ?? ''] ?? statisticsOf(service));
    },
    incidents: () => Promise.resolve([]),
    incident: () => Promise.resolve(null),
    log: () => Promise.resolve({ source: null, lines: [] }),
    storage: () => Promise.resolve({ folder: '/srv', stateBytes: 0, journalBytes: 0, logsBytes: 0, journalLimitBytes: 0, oldest: null }),
    diagnostics: () => Promise.resolve({ sections: [] }),
    settings: () => Promise.resolve(this.settings),
    changeSettings: ({ settings }) => Promise.resolve((this.settings = settings)),
    acknowledge: () => this.#act(undefined).then(onlyOne),
    snooze: () => this.#act(undefined).then(onlyOne),
    testChannel: ({ channel }) => Promise.resolve({ channel, ...this.outcome }),
    openPanel: () => Promise.resolve({ address: 'http://127.0.0.1:4000/#token=once' }),
    restart: ({ service }) => this.#act([service]).then(onlyOne),
    start: ({ service }) => this.#act([service]).then(onlyOne),
    stop: ({ service }) => this.#act([service]).then(onlyOne),
    heal: ({ services }) => this.#act(services),
    checkNow: ({ services }) => this.#act(services),
    pause: ({ service }) => this.#act(service === undefined ? undefined : [service]),
    resume: ({ service }) => this.#act(service === undefined ? undefined : [service]),
  };

  async #act(wanted = this.current.services.map(({ id }) => id)): Promise<ActOutcome[]> {
    const unknown = wanted.find((id) => this.current.services.every((service) => service.id !== id));
    if (unknown !== undefined) throw new ApiError('unknown-service', `There is no service "${unknown}".`);
    return wanted.map((service) => ({ service, ...this.outcome }));
  }
}

function onlyOne([outcome]: ActOutcome[]): ActOutcome {
  if (outcome === undefined) throw new Error('expected one outcome');
  return outcome;
}
