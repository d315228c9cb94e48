// Tells a person through Upkeep's own log: one line a notice, as loud as the alert's level.
import * as z from 'zod';
import type { ChannelKind, Notice } from '../ports.ts';

const schema = z.strictObject({}).describe('Notices in the log of Upkeep. No settings.');

export const logChannel: ChannelKind<z.output<typeof schema>> = {
  name: 'log',
  schema,
  attention: 'quiet',
  create: (_settings, { logger }) => ({
    deliver: (notice) => {
      logger[loudnessOf(notice)](`[${notice.service?.id ?? 'upkeep'}] ${oneLine(notice.title)}: ${oneLine(notice.message)}`);
      return Promise.resolve({ accepted: true });
    },
  }),
};

function loudnessOf({ kind, level }: Notice): 'info' | 'warn' | 'error' {
  if (kind === 'resolved' || kind === 'fixed' || kind === 'test' || level === 'info') return 'info';
  return level === 'critical' ? 'error' : 'warn';
}

/** A message may quote what a service answered, which must not forge lines of the log. */
const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
