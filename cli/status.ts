// `upkeep status` and `upkeep check`: how everything is, from the running instance, from what was known last, or looked at now.
import type { Snapshot } from '../supervisor/contract/snapshot.ts';
import { findConfiguration } from './configuration.ts';
import { EXIT, EXIT_OF_OVERALL } from './exit-code.ts';
import type { Invocation } from './invocation.ts';
import { requireKnown } from './known-ids.ts';
import { askRunning } from './running.ts';
import { describeLastKnown, describeSnapshot } from './snapshot-text.ts';

export async function status(invocation: Invocation): Promise<number> {
  const snapshot = (await askRunning(invocation, (api) => api.call('status', {}))) ?? (await lastKnown(invocation));
  if (snapshot === null) {
    invocation.errors.print('Upkeep is not running, and nothing is known from before. Start it with "upkeep watch", or look once with "upkeep check".');
    return EXIT.nothingKnown;
  }
  return printSnapshot(snapshot, invocation, !snapshot.running);
}

export async function check(invocation: Invocation): Promise<number> {
  const { checkOnce, locateHome, readConfiguration } = await import('../supervisor/index.ts');
  const configFile = await findConfiguration(invocation);
  const loaded = await readConfiguration(configFile);
  const ids = invocation.positionals;
  requireKnown(ids, loaded.configuration.services);
  const home = locateHome(invocation.env, process.platform);
  const snapshot = await checkOnce(loaded, { configFile, home, version: invocation.version, ...(ids.length === 0 ? {} : { ids }) });
  return printSnapshot(snapshot, invocation, false);
}

/** null: nothing was ever supervised over this data folder. */
export async function lastKnown({ config, env, cwd, version }: Invocation): Promise<Snapshot | null> {
  const { locateConfiguration, locateHome, readLastKnown } = await import('../supervisor/index.ts');
  return readLastKnown({ configFile: locateConfiguration(config, env, cwd), home: locateHome(env, process.platform), version });
}

function printSnapshot(snapshot: Snapshot, { json, output }: Invocation, isLastKnown: boolean): number {
  const reader = { paint: output.paint, now: new Date() };
  if (json) output.print(JSON.stringify(snapshot, null, 2));
  else output.print([...(isLastKnown ? [describeLastKnown(snapshot, reader)] : []), ...describeSnapshot(snapshot, reader)].join('\n'));
  return EXIT_OF_OVERALL[snapshot.overall];
}
