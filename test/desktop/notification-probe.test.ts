// What diagnostics say of notifications on a real desktop. Runs inside test/bed/with-desktop.sh.
import { expect, test } from 'vitest';
import { desktopChannel } from '../../supervisor/channels/desktop.ts';

test('notify-send and the notification service of a real desktop are found and named', async () => {
  expect(await desktopChannel.probe(new AbortController().signal)).toEqual([
    { label: 'notify-send', found: true, value: expect.stringMatching(/^\d+\.\d+/) as string },
    { label: 'Notification service', found: true, value: expect.stringMatching(/^Xfce Notify Daemon \d/) as string },
  ]);
});
