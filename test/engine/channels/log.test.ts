// The log channel: the shared suite, and how loud a line is.
import { describe, expect, test } from 'vitest';
import { logChannel } from '../../../supervisor/channels/log.ts';
import type { Notice } from '../../../supervisor/ports.ts';
import { channelSuite } from './channel-suite.ts';
import { listen, notice } from './notices.ts';

describe('log', () => {
  channelSuite({ well: () => Promise.resolve(logChannel.create({}, listen().context)), broken: {}, silent: null, secrets: [], cleanUp: () => Promise.resolve() });

  test.for<[string, Partial<Notice>, string]>([
    ['a critical notice is an error', { level: 'critical' }, 'error [demo] Demo is down: connection refused.'],
    ['a reminder is as loud', { level: 'critical', kind: 'repeated' }, 'error [demo] Demo is down: connection refused.'],
    ['a warning is a warning', { level: 'warning' }, 'warn [demo] Demo is down: connection refused.'],
    ['an info is an info', { level: 'info' }, 'info [demo] Demo is down: connection refused.'],
    ['good news is an info', { level: 'critical', kind: 'resolved', title: 'Demo is up again', message: 'Down for 3 min.' }, 'info [demo] Demo is up again: Down for 3 min.'],
    ['a message of several lines is one line', { level: 'warning', message: 'body is "a\nb\u001b[0m"' }, 'warn [demo] Demo is down: body is "a b [0m"'],
  ])('%s', async ([, differs, line]) => {
    const ear = listen();
    await logChannel.create({}, ear.context).deliver(notice(differs), new AbortController().signal);
    expect(ear.lines).toEqual([line]);
  });
});
