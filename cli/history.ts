// `upkeep history` and `upkeep alerts`: what the journal has of one kind, from the running instance or straight from the file.
import { SERVICE_ID } from '../supervisor/contract/configuration.ts';
import { EVENT_TYPES, type UpkeepEvent } from '../supervisor/contract/event.ts';
import { describeEvents } from './event-text.ts';
import { EXIT } from './exit-code.ts';
import type { Invocation } from './invocation.ts';
import { requireKnown } from './known-ids.ts';
import { askRunning } from './running.ts';
import { readSince } from './since.ts';
import { lastKnown } from './status.ts';
import { describeTime } from './time-text.ts';

/** A person reads the newest ones; a script gets as many as one question may give. */
const LIMIT = { person: 100, script: 10_000 };

export async function history(kind: 'heal' | 'alert', invocation: Invocation): Promise<number> {
  const { positionals: [service], json, output } = invocation;
  const events = await readEvents(kind, service, invocation);
  // A service that is gone from services.json may still have a past: only an id without one must be known.
  if (events.length === 0 && service !== undefined) requireKnown([service], await knownServices(invocation));
  if (json) output.print(JSON.stringify(events, null, 2));
  else if (events.length === 0) output.print(`No ${kind}s are recorded${service === undefined ? '' : ` for "${service}"`}${invocation.since === undefined ? '' : ` since ${describeTime(readSince(invocation.since, new Date()), new Date())}`}.`);
  else output.print(describeEvents(events, { paint: output.paint, now: new Date() }).join('\n'));
  return EXIT.done;
}

async function readEvents(kind: 'heal' | 'alert', service: string | undefined, invocation: Invocation): Promise<readonly UpkeepEvent[]> {
  if (service !== undefined && !SERVICE_ID.test(service)) return [];
  const since = invocation.since === undefined ? {} : { since: readSince(invocation.since, new Date()) };
  const filter = {
    ...since,
    ...(service === undefined ? {} : { service }),
    types: EVENT_TYPES.filter((type) => type.startsWith(`${kind}.`)),
    limit: invocation.json || invocation.since !== undefined ? LIMIT.script : LIMIT.person,
  };
  const events = await askRunning(invocation, (api) => api.call('history', filter));
  if (events !== null) return events;
  const { locateHome, readHistory } = await import('../supervisor/index.ts');
  return readHistory(locateHome(invocation.env, process.platform), filter);
}

async function knownServices(invocation: Invocation): Promise<readonly { readonly id: string }[]> {
  const snapshot = (await askRunning(invocation, (api) => api.call('status', {}))) ?? (await lastKnown(invocation));
  return snapshot?.services ?? [];
}
