// The engine's public face, bundled in its place for what a real engine does rarely or slowly. FAKE_ENGINE says what it shall do.
// What supervises nothing (folders, configuration, the socket's client) is the real thing.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationJsonSchema as jsonSchema } from '../../supervisor/configuration-file.ts';
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { Statistics } from '../../supervisor/contract/history.ts';
import type { Snapshot } from '../../supervisor/contract/snapshot.ts';
import type * as engine from '../../supervisor/index.ts';
import { DataFolderError, locateConfiguration as locate } from '../../supervisor/store/data-folder.ts';
import { InMemoryApi, statisticsOf } from '../engine/local-api/in-memory-api.ts';

export { readConfiguration } from '../../supervisor/configuration-file.ts';
export { ConfigurationError } from '../../supervisor/failures.ts';
export { connect } from '../../supervisor/local-api/client.ts';
export { describeElapsed } from '../../supervisor/domain/elapsed.ts';
export { closest as closestIds } from '../../supervisor/store/closest.ts';
export { DataFolderError, locateHome } from '../../supervisor/store/data-folder.ts';
export { openAddress } from '../../supervisor/system/open-address.ts';

export interface Script {
  readonly lastKnown?: Snapshot;
  readonly checked?: Snapshot;
  readonly journal?: readonly UpkeepEvent[];
  /** Of services that have a past, and under "" of all. */
  readonly statistics?: Readonly<Record<string, Statistics>>;
  readonly host?: 'already-running' | 'no-folder' | 'never-stops' | 'breaks';
}
type Face = typeof engine;

const script = JSON.parse(process.env['FAKE_ENGINE'] ?? '{}') as Script;

export const locateConfiguration: Face['locateConfiguration'] = (option, env, cwd) => locate(option, env, cwd, process.platform);

export class AlreadyRunningError extends Error {
  readonly code = 'already-running';
  readonly pid = 4711;
}

export const checkOnce: Face['checkOnce'] = (_configuration, { ids = [] }) => {
  if (script.checked === undefined) throw new Error('the script has no "checked"');
  return Promise.resolve({ ...script.checked, services: script.checked.services.filter(({ id }) => ids.length === 0 || ids.includes(id)) });
};

export const configurationJsonSchema: Face['configurationJsonSchema'] = () => Promise.resolve(jsonSchema());

export const readLastKnown: Face['readLastKnown'] = () => Promise.resolve(script.lastKnown ?? null);

export const readHistory: Face['readHistory'] = (_home, { service, types = [], since = '' }) =>
  Promise.resolve((script.journal ?? []).filter((event) => types.includes(event.type) && (service === undefined || event.service === service) && event.at >= since));

export const readStatistics: Face['readStatistics'] = (_options, service, each) => {
  const of = (id: string | null): Statistics => script.statistics?.[id ?? ''] ?? statisticsOf(id);
  return Promise.resolve({ all: of(service), each: each.map(of) });
};

/** Says "service.up" all the time, so that a reader who leaves is noticed. */
export const startHost: Face['startHost'] = ({ home }) => {
  if (script.host === 'already-running') throw new AlreadyRunningError('Upkeep is already running (process 4711).');
  if (script.host === 'no-folder') throw new DataFolderError('Cannot use /nowhere as data folder.');
  if (script.host === 'breaks') throw new TypeError('x is not a function');
  const api = new InMemoryApi();
  api.events = [{ at: new Date().toISOString(), type: 'supervisor.started', reason: 'Upkeep began.' }];
  const chatter = setInterval(() => { api.tell({ kind: 'event', event: { at: new Date().toISOString(), type: 'service.up', service: 'api', reason: 'It serves.' } }); }, 20);
  return Promise.resolve({
    api,
    resumed: () => undefined,
    stop: () => {
      writeFileSync(join(home, 'stop-asked'), '');
      if (script.host === 'never-stops') return new Promise<void>(() => undefined);
      clearInterval(chatter);
      writeFileSync(join(home, 'stopped'), '');
      return Promise.resolve();
    },
  });
};
