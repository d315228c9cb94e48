// What one needs to know about this installation to help it: what it runs in, what it can reach, how well it keeps time.
// Asks every part at the same time and waits for none longer than two seconds; changes nothing and shows nothing secret.
import type { Diagnostics, DiagnosticsSection } from './contract/diagnostics.ts';
import { describeElapsed } from './domain/elapsed.ts';
import type { FormatTime } from './domain/explain.ts';
import type { ChannelKind, Clock, Now, Probe, ServiceManagerKind, Surroundings } from './ports.ts';
import type { Supervisor } from './supervisor.ts';

const ANSWER_WITHIN_MS = 2_000;
/** A timer that is this late makes intervals and time-outs mean something else than services.json says. */
const TOO_LATE_MS = 1_000;

type Fact = DiagnosticsSection['facts'][number];

export interface DiagnosticsParts {
  readonly supervisor: Pick<Supervisor, 'lateness' | 'snapshot'>;
  readonly clock: Clock;
  readonly format: FormatTime;
  readonly surroundings: Surroundings;
  readonly managers: Readonly<Record<string, ServiceManagerKind>>;
  readonly channels: readonly ChannelKind[];
  /** Data folder of Upkeep. */
  readonly home: string;
  /** When this Upkeep began. */
  readonly startedAt: Now;
}

export async function diagnose(parts: DiagnosticsParts): Promise<Diagnostics> {
  const { services, channels } = parts.supervisor.snapshot();
  const usedManagers = new Set(services.map(({ manager }) => manager));
  const usedChannels = new Set(channels.map(({ name }) => name));
  const managers = Object.values(parts.managers).map((kind) => probed(kind.type, kind, usedManagers.has(kind.type), parts.clock));
  const notifications = parts.channels.filter(({ probe }) => probe !== undefined).map((kind) => probed(kind.name, kind, usedChannels.has(kind.name), parts.clock));
  const [path, managerFacts, channelFacts] = await Promise.all([pathFacts(parts), Promise.all(managers), Promise.all(notifications)]);
  return {
    sections: [
      { title: 'Upkeep', facts: upkeepFacts(parts) },
      { title: 'Path', facts: path },
      { title: 'Service managers', facts: managerFacts.flat() },
      { title: 'Notifications', facts: channelFacts.flat() },
      { title: 'Timers', facts: timerFacts(parts) },
    ],
  };
}

const fact = (label: string, value: string, state: Fact['state'] = null): Fact => ({ label, value, state });

function upkeepFacts({ supervisor, clock, format, surroundings, home, startedAt }: DiagnosticsParts): Fact[] {
  const { version, pid, config } = supervisor.snapshot();
  return [
    fact('Version', version),
    fact('Process', String(pid ?? 'none')),
    fact('Up since', `${format(startedAt.wall)}, for ${describeElapsed(clock.now().mono - startedAt.mono)}`),
    fact('Memory', `${Math.round(surroundings.memoryBytes() / 1024 / 1024)} MiB`),
    fact('Runtime', surroundings.runtime),
    fact('System', surroundings.system),
    config.error === null ? fact('services.json', config.file, 'good') : fact('services.json', `${config.file} (its last change is wrong and was not taken)`, 'bad'),
    fact('Data folder', home),
  ];
}

async function pathFacts({ surroundings, clock }: DiagnosticsParts): Promise<Fact[]> {
  const entries = await within(() => surroundings.searchPath(), clock);
  if (entries === null) return [fact('PATH', 'its folders could not be looked at in time', 'bad')];
  if (entries.length === 0) return [fact('PATH', 'empty: only programs with a full path are found', 'bad')];
  return entries.map(({ folder, exists }, index) => (exists ? fact(String(index + 1), folder) : fact(String(index + 1), `${folder} (does not exist)`, 'bad')));
}

/** What is missing is bad only where something in services.json needs it. */
async function probed(name: string, { probe }: Pick<ServiceManagerKind, 'probe'>, isUsed: boolean, clock: Clock): Promise<Fact[]> {
  if (probe === undefined) return [fact(name, 'always there', 'good')];
  const stateOf = (found: boolean): Fact['state'] => (found ? 'good' : isUsed ? 'bad' : null);
  const probes = await within(probe, clock);
  return probes === null
    ? [fact(name, `did not answer within ${ANSWER_WITHIN_MS / 1_000} s`, stateOf(false))]
    : probes.map(({ label, found, value }: Probe) => fact(label, value, stateOf(found)));
}

function timerFacts({ supervisor, clock }: DiagnosticsParts): Fact[] {
  const { nowMs, worstInHourMs } = supervisor.lateness(clock.now().mono);
  const late = (label: string, ms: number): Fact => fact(label, `${Math.round(ms)} ms late`, ms > TOO_LATE_MS ? 'bad' : 'good');
  return [late('Now', nowMs), late('Worst in the last hour', worstInHourMs)];
}

/** null: no answer in time. */
async function within<Answer>(ask: (signal: AbortSignal) => Promise<Answer>, clock: Clock): Promise<Answer | null> {
  const asking = new AbortController();
  let stop = (): void => undefined;
  const late = new Promise<null>((resolve) => { stop = clock.after(ANSWER_WITHIN_MS, () => resolve(null)); });
  try {
    return await Promise.race([ask(asking.signal), late]);
  } finally {
    stop();
    asking.abort();
  }
}
