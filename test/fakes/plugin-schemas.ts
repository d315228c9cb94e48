// Small kinds of checks, managers and channels, so that tests of the configuration do not depend on the real ones.
import { z } from 'zod';
import { configurationSchema, type PluginSchemas } from '../../supervisor/contract/configuration.ts';

export const PLUGIN_SCHEMAS: PluginSchemas = {
  checks: [
    z.strictObject({ type: z.literal('tcp'), host: z.string().optional(), port: z.int({ error: 'a port from 1 to 65535' }).min(1, { error: 'a port from 1 to 65535' }) }),
    z.strictObject({
      type: z.literal('http'),
      url: z.url(),
      headers: z.record(z.string(), z.string()).optional(),
      expect: z.strictObject({ status: z.union([z.string(), z.array(z.int())], { error: 'a text such as "200-299", or a list of numbers' }) }).partial().optional(),
    }),
  ],
  managers: [
    z.strictObject({ type: z.literal('process'), command: z.array(z.string()).min(1), env: z.record(z.string(), z.string()).optional() }),
    z.strictObject({ type: z.literal('systemd'), unit: z.string().min(1) }),
  ],
  channels: {
    desktop: z.strictObject({}),
    log: z.strictObject({}),
    discord: z.strictObject({ webhookUrl: z.url() }),
  },
  givesStatus: ({ type }) => type === 'systemd',
};

export const SCHEMA = configurationSchema(PLUGIN_SCHEMAS);
