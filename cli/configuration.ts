// `upkeep validate` and `upkeep schema`, and where services.json is for the commands that cannot do without it.
import { access } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { EXIT } from './exit-code.ts';
import type { Invocation } from './invocation.ts';

/** The file to use. Rejects with `ConfigurationError` that says where was looked and what to do when there is none. */
export async function findConfiguration({ config, env, cwd }: Pick<Invocation, 'config' | 'env' | 'cwd'>): Promise<string> {
  const { ConfigurationError, locateConfiguration } = await import('../supervisor/index.ts');
  const file = locateConfiguration(config, env, cwd);
  try {
    await access(file);
    return file;
  } catch {
    const looked = [...new Set(config === undefined ? [resolve(cwd, 'services.json'), file] : [file])];
    throw new ConfigurationError(file, [`There is no services.json: looked for ${looked.join(' and ')}. Write one there, or name one with --config FILE; "upkeep schema" says what may stand in it.`]);
  }
}

export async function validate(invocation: Invocation): Promise<number> {
  const { readConfiguration } = await import('../supervisor/index.ts');
  const [named = invocation.config] = invocation.positionals;
  const file = await findConfiguration({ ...invocation, config: named });
  const { configuration: { services } } = await readConfiguration(file);
  invocation.output.print(`${basename(file)} is valid: ${services.length === 1 ? '1 service' : `${services.length} services`}.`);
  return EXIT.done;
}

export async function schema({ output }: Invocation): Promise<number> {
  const { configurationJsonSchema } = await import('../supervisor/index.ts');
  output.print(JSON.stringify(await configurationJsonSchema(), null, 2));
  return EXIT.done;
}
