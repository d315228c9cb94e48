// Notices for the tests of channels: a builder, and contexts that remember what they were told.
import type { ChannelContext, Notice } from '../../../supervisor/ports.ts';

// Branded numbers are made by the clock; a test has none.
const AT = 1_700_000_000_000 as Notice['at'];

export const notice = (differs: Partial<Notice> = {}): Notice => ({
  kind: 'raised', alertId: 'alert-1', service: { id: 'demo', name: 'Demo' }, ended: null, level: 'critical',
  title: 'Demo is down', message: 'connection refused.', at: AT, ...differs,
});

export interface Ear { readonly context: ChannelContext; readonly lines: string[]; readonly clicks: string[] }
export function listen(): Ear {
  const lines: string[] = [];
  const clicks: string[] = [];
  const say = (loudness: string) => (line: string): void => { lines.push(`${loudness} ${line}`); };
  return { lines, clicks, context: { logger: { info: say('info'), warn: say('warn'), error: say('error') }, onClick: (id) => { clicks.push(id); } } };
}
