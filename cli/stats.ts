// `upkeep stats`: how reliable everything was, from the running instance or straight from the file.
import { SERVICE_ID } from '../supervisor/contract/configuration.ts';
import type { Statistics } from '../supervisor/contract/history.ts';
import { EXIT } from './exit-code.ts';
import type { Invocation } from './invocation.ts';
import { requireKnown } from './known-ids.ts';
import { askRunning } from './running.ts';
import { describeReliability, describeStatistics } from './statistics-text.ts';
import { lastKnown } from './status.ts';

/** `all`: of what was asked for. `each`: of every service, where all were asked for. */
interface Answer { readonly all: Statistics; readonly each: readonly Statistics[] }

export async function stats(invocation: Invocation): Promise<number> {
  const { positionals: [service], json, output } = invocation;
  const { all, each } = (await fromRunning(service, invocation)) ?? (await fromFile(service, invocation));
  if (json) {
    output.print(JSON.stringify(all, null, 2));
    return EXIT.done;
  }
  const { describeElapsed } = await import('../supervisor/index.ts');
  const reader = { paint: output.paint, now: new Date(), elapsed: describeElapsed };
  const sentences = describeReliability(service === undefined ? each : [all], reader);
  output.print([...sentences, ...(sentences.length === 0 ? [] : ['']), ...describeStatistics(all, reader)].join('\n'));
  return EXIT.done;
}

function fromRunning(service: string | undefined, invocation: Invocation): Promise<Answer | null> {
  return askRunning(invocation, async (api) => {
    const { services } = await api.call('status', {});
    // A service that is gone from services.json may still have a past; what is no id at all has none.
    if (service !== undefined && !SERVICE_ID.test(service)) requireKnown([service], services);
    const all = await api.call('statistics', service === undefined ? {} : { service });
    const ids = service === undefined && !invocation.json ? services.map(({ id }) => id) : [];
    const each: Statistics[] = [];
    // One after the other: a running Upkeep takes a few hundred connections at once, and has services to look after in between.
    for (const id of ids) each.push(await api.call('statistics', { service: id }));
    return { all, each };
  });
}

async function fromFile(service: string | undefined, invocation: Invocation): Promise<Answer> {
  const { locateConfiguration, locateHome, readStatistics } = await import('../supervisor/index.ts');
  const { config, env, cwd, version, json } = invocation;
  const options = { configFile: locateConfiguration(config, env, cwd), home: locateHome(env, process.platform), version };
  const services = (await lastKnown(invocation))?.services ?? [];
  const { all, each } = await readStatistics(options, service ?? null, service === undefined && !json ? services.map(({ id }) => id) : []);
  const isKnown = all.windows.some(({ up, down, incidents }) => up + down + incidents > 0);
  if (service !== undefined && !isKnown) requireKnown([service], services);
  return { all, each };
}
