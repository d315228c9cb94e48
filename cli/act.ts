// The commands that do something: asked of the running instance, which answers when it is done.
import { ApiError, type ActOutcome, type UpkeepApi } from '../supervisor/contract/api.ts';
import { parseDuration } from '../supervisor/contract/duration.ts';
import { EXIT } from './exit-code.ts';
import { UsageError, type Invocation } from './invocation.ts';
import { requireKnown } from './known-ids.ts';
import { askRunning } from './running.ts';
import { printable } from './table.ts';

const LONGEST_PAUSE_MS = 366 * 24 * 3_600_000;

export function actOnOne(name: 'restart' | 'start' | 'stop', invocation: Invocation): Promise<number> {
  return act(invocation, async (api) => {
    const [service = ''] = invocation.positionals;
    return api.call(name, { service });
  });
}

export function heal(invocation: Invocation): Promise<number> {
  const services = [...invocation.positionals];
  return act(invocation, (api) => api.call('heal', services.length === 0 ? {} : { services }));
}

export function pause(invocation: Invocation): Promise<number> {
  const until = invocation.for === undefined ? undefined : new Date(Date.now() + readPauseMs(invocation.for)).toISOString();
  const [service] = invocation.positionals;
  return act(invocation, (api) => api.call('pause', { service, until }));
}

export function resume(invocation: Invocation): Promise<number> {
  const [service] = invocation.positionals;
  return act(invocation, (api) => api.call('resume', { service }));
}

function readPauseMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms < 1 || ms > LONGEST_PAUSE_MS) throw new UsageError(`--for: expected a duration such as "30m" or "1h", at most 366 days, but got "${text}".`);
  return ms;
}

async function act(invocation: Invocation, ask: (api: UpkeepApi) => Promise<ActOutcome | readonly ActOutcome[]>): Promise<number> {
  const { output, errors, json, positionals } = invocation;
  try {
    const answer = await askRunning(invocation, async (api) => {
      requireKnown(positionals, (await api.call('status', {})).services);
      return ask(api);
    });
    if (answer === null) {
      errors.print('Upkeep is not running; start it with "upkeep watch" or the tray app.');
      return EXIT.refused;
    }
    const outcomes = [answer].flat();
    output.print(json ? JSON.stringify(answer, null, 2) : describeOutcomes(outcomes, invocation));
    return outcomes.every(({ ok }) => ok) ? EXIT.done : EXIT.refused;
  } catch (error) {
    // Wrong usage and unknown ids are told apart from what was tried and did not work.
    if (!(error instanceof ApiError) || error.code === 'unknown-service' || error.code === 'bad-request') throw error;
    errors.print(error.message);
    return EXIT.refused;
  }
}

function describeOutcomes(outcomes: readonly ActOutcome[], { output: { paint } }: Invocation): string {
  if (outcomes.length === 0) return 'There was nothing to do.';
  return outcomes.map(({ service, ok, message }) => `${ok ? paint('green', '✓') : paint('red', '✗')} ${service}: ${printable(message)}`).join('\n');
}
