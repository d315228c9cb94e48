// services.json with the kinds that exist: read it, describe it, or say everything that is wrong with it.
import type { Configuration } from './contract/configuration.ts';
import { ConfigurationError } from './failures.ts';
import { servicesSchema } from './plugins.ts';
import type { Redact } from './redaction.ts';
import { configurationJsonSchema as jsonSchemaOf, readServicesFile } from './store/services-file.ts';

export interface LoadedConfiguration {
  readonly configuration: Configuration;
  /** Blanks what its `${env:NAME}` stand for. */
  readonly redact: Redact;
}

/** Rejects with `ConfigurationError`, also when the file is missing. */
export async function readConfiguration(file: string, env: Readonly<Record<string, string | undefined>> = process.env): Promise<LoadedConfiguration> {
  const read = await readServicesFile(file, { env, schema: servicesSchema });
  if (!read.ok) throw new ConfigurationError(file, read.issues);
  return { configuration: read.configuration, redact: read.redact };
}

/** The JSON Schema of services.json, for editors. */
export const configurationJsonSchema = (): object => jsonSchemaOf(servicesSchema);
