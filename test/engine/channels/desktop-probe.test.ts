// What diagnostics say of the desktop's notifications, with the answers that real programs gave.
import { describe, expect, test } from 'vitest';
import { desktopChannelOn, type DesktopSystem } from '../../../supervisor/channels/desktop.ts';
import type { ProgramResult } from '../../../supervisor/channels/desktop-notify-send.ts';
import type { Probe } from '../../../supervisor/ports.ts';

const NOT_FOUND: ProgramResult = { exitCode: null, stdout: '', stderr: '', notFound: true };
const says = (stdout: string): ProgramResult => ({ exitCode: 0, stdout, stderr: '', notFound: false });
const fails = (stderr: string): ProgramResult => ({ exitCode: 1, stdout: '', stderr, notFound: false });
const NOTIFY_SEND = says('notify-send 0.8.1\n');

function probe(programs: Readonly<Record<string, ProgramResult>>, differs: Partial<DesktopSystem> = {}): Promise<readonly Probe[]> {
  const system: DesktopSystem = {
    platform: 'linux', env: { DISPLAY: ':1', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' }, nowMs: () => 0,
    run: ([program = '']) => Promise.resolve(programs[program] ?? NOT_FOUND),
    showThroughLibrary: () => Promise.reject(new Error('nothing is to be shown')), ...differs,
  };
  return desktopChannelOn(system).probe(new AbortController().signal);
}

describe('the notification service', () => {
  test.each<[string, ProgramResult]>([
    ['dbus-send', says('method return time=1795356000.1 sender=:1.22 -> destination=:1.31 serial=9 reply_serial=2\n   string "Xfce Notify Daemon"\n   string "Xfce"\n   string "0.7.3"\n   string "1.2"\n')],
    ['busctl', says('ssss "Xfce Notify Daemon" "Xfce" "0.7.3" "1.2"\n')],
    ['gdbus', says("('Xfce Notify Daemon', 'Xfce', '0.7.3', '1.2')\n")],
  ])('is named with its version, asked by %s', async (program, answer) => {
    expect(await probe({ 'notify-send': NOTIFY_SEND, [program]: answer })).toEqual([
      { label: 'notify-send', found: true, value: '0.8.1' }, { label: 'Notification service', found: true, value: 'Xfce Notify Daemon 0.7.3' },
    ]);
  });

  test('that does not answer is missing, with what the bus says', async () => {
    const [, service] = await probe({ 'notify-send': NOTIFY_SEND, 'dbus-send': fails('Error org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.Notifications was not provided by any .service files\n') });
    expect(service).toEqual({ label: 'Notification service', found: false, value: 'nobody answers: Error org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.Notifications was not provided by any .service files' });
  });

  test('that cannot be asked is not called there', async () => {
    expect(await probe({ 'notify-send': NOTIFY_SEND })).toContainEqual({ label: 'Notification service', found: false, value: 'cannot be asked: none of dbus-send, busctl and gdbus is there' });
  });
});

test('a missing notify-send is named with what to install', async () => {
  expect(await probe({})).toContainEqual({ label: 'notify-send', found: false, value: 'missing: install libnotify-bin' });
  expect(await probe({ 'notify-send': fails('error while loading shared libraries: libnotify.so.4') })).toContainEqual({ label: 'notify-send', found: false, value: 'does not run: error while loading shared libraries: libnotify.so.4' });
});

test.each<[string, Partial<DesktopSystem>, Probe]>([
  ['without a session nobody is asked', { env: {} }, { label: 'desktop', found: false, value: 'no desktop session (neither DISPLAY nor WAYLAND_DISPLAY is set)' }],
  ['on macOS it is there', { platform: 'darwin', env: {} }, { label: 'desktop', found: true, value: 'through the notification centre' }],
])('%s', async (_, differs, expected) => {
  expect(await probe({}, { ...differs, run: () => Promise.reject(new Error('nobody is to be asked')) })).toEqual([expected]);
});
