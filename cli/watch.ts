// `upkeep watch`: the supervisor in the foreground, until it is asked to end. Prints what happens, decides nothing.
import { join } from 'node:path';
import type { UpkeepApi } from '../supervisor/contract/api.ts';
import type { UpkeepEvent } from '../supervisor/contract/event.ts';
import { findConfiguration } from './configuration.ts';
import { describeEvents } from './event-text.ts';
import { EXIT } from './exit-code.ts';
import type { Invocation } from './invocation.ts';
import type { Terminal } from './terminal.ts';

const END_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** How much longer a stop may take once a second signal has come. */
const IMPATIENT_STOP_WITHIN_MS = 2_000;

export async function watch(invocation: Invocation): Promise<number> {
  const { env, version, output, errors, json } = invocation;
  const { AlreadyRunningError, locateHome, startHost } = await import('../supervisor/index.ts');
  const configFile = await findConfiguration(invocation);
  const end = listenForEnd(output);
  const startedAt = new Date().toISOString();
  try {
    const host = await startHost({ configFile, home: locateHome(env, process.platform), version, panelFolder: join(__dirname, 'panel') });
    if (!json) output.print(await greet(host.api));
    await followEvents(host.api, startedAt, (event) => {
      output.print(json ? JSON.stringify(event) : describeEvents([event], { paint: output.paint, now: new Date() }).join('\n'));
    });
    await end.first;
    return await Promise.race([host.stop().then(() => EXIT.done), end.impatient]);
  } catch (error) {
    if (!(error instanceof AlreadyRunningError)) throw error;
    errors.print(error.message);
    return EXIT.refused;
  } finally {
    end.stopListening();
  }
}

async function greet(api: UpkeepApi): Promise<string> {
  const { services, config, version } = await api.call('status', {});
  return `Upkeep ${version} looks after ${services.length === 1 ? '1 service' : `${services.length} services`} of ${config.file}. Ctrl-C ends it.`;
}

/** Tells every event from `since` on: first those from before anyone could listen, from the journal, then live ones. */
export async function followEvents(api: UpkeepApi, since: string, tell: (event: UpkeepEvent) => void): Promise<void> {
  let waiting: UpkeepEvent[] | null = [];
  api.subscribe((message) => {
    if (message.kind !== 'event') return;
    if (waiting === null) tell(message.event);
    else waiting.push(message.event);
  });
  const earlier = (await api.call('history', { since, limit: 10_000 })).reverse();
  const told = new Set(earlier.map(identify));
  for (const event of [...earlier, ...waiting.filter((live) => !told.has(identify(live)))]) tell(event);
  waiting = null;
}

/** The journal gives the same event back with its keys in another order. */
const identify = ({ at, type, service = '' }: UpkeepEvent): string => `${at} ${type} ${service}`;

interface End {
  /** Resolves when it is time to stop: a signal, or nobody reads the output any more. */
  readonly first: Promise<void>;
  /** Resolves with the exit code when a second signal has come and the stop still takes too long. */
  readonly impatient: Promise<number>;
  stopListening(): void;
}

function listenForEnd(output: Terminal): End {
  let signals = 0;
  let onFirst = (): void => undefined;
  let onImpatient = (_exitCode: number): void => undefined;
  const first = new Promise<void>((resolve) => { onFirst = resolve; });
  const impatient = new Promise<number>((resolve) => { onImpatient = resolve; });
  const onSignal = (): void => {
    signals += 1;
    if (signals === 1) onFirst();
    if (signals === 2) setTimeout(() => { onImpatient(EXIT.refused); }, IMPATIENT_STOP_WITHIN_MS).unref();
  };
  for (const signal of END_SIGNALS) process.on(signal, onSignal);
  return {
    first: Promise.race([first, output.gone]),
    impatient,
    stopListening() { for (const signal of END_SIGNALS) process.off(signal, onSignal); },
  };
}
