// Tells a person through the notification service of the desktop; a click on the notice is told to whoever made the channel.
// Everything happens in child processes: a desktop whose service hangs never holds Upkeep up.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Channel, ChannelKind, Probe } from '../ports.ts';
import { runCommand } from '../system/run-command.ts';
import { showThroughLibrary, type ShowNotification } from './desktop-library.ts';
import { DesktopNotifications, type Screen } from './desktop-notifications.ts';
import { NotifySend, type RunProgram } from './desktop-notify-send.ts';
import { probeDesktop } from './desktop-probe.ts';

/** What the channel needs of the machine. */
export interface DesktopSystem {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly run: RunProgram;
  readonly showThroughLibrary: ShowNotification;
  /** Milliseconds on a clock that only goes forward. */
  readonly nowMs: () => number;
}

/** A desktop channel can leave a process waiting for a click. */
export interface DesktopChannel extends Channel {
  /** Ends what waits for clicks; the notices stay where they are. */
  dispose(): void;
}

const schema = z.strictObject({}).describe('Notices on the desktop. No settings.');
type DesktopSettings = z.output<typeof schema>;

export const desktopChannelOn = (system: DesktopSystem) => ({
  name: 'desktop',
  schema,
  attention: 'interrupts',
  probe: async (signal): Promise<readonly Probe[]> => {
    const missing = missingOf(system);
    if (missing !== null) return [{ label: 'desktop', found: false, value: missing }];
    return system.platform === 'linux' ? probeDesktop(system.run, signal) : [{ label: 'desktop', found: true, value: 'through the notification centre' }];
  },
  create: (_settings: DesktopSettings, { onClick }): DesktopChannel => {
    const clicked = (key: string): void => notifications.clicked(key);
    const closed = (key: string): void => notifications.closed(key);
    const notifySend = new NotifySend({ run: system.run, onClick: clicked, onClosed: closed });
    let replaces = system.platform === 'linux';
    const screen: Screen = {
      replaces: () => replaces,
      show: async (key, shown, signal) => {
        if (system.platform === 'linux') {
          const result = await notifySend.show(key, shown, signal);
          replaces = result !== 'too-old';
          if (result !== 'too-old') return result;
        }
        return showThroughLibrary(shown, signal, system.showThroughLibrary, () => clicked(key));
      },
    };
    const notifications: DesktopNotifications = new DesktopNotifications({ screen, nowMs: system.nowMs, onClick });
    return {
      deliver: async (notice, signal) => {
        const missing = missingOf(system);
        return missing === null ? notifications.deliver(notice, signal) : { accepted: false, unavailable: true, error: missing };
      },
      dispose() {
        notifications.dispose();
        notifySend.dispose();
      },
    };
  },
}) satisfies ChannelKind<DesktopSettings>;

export const desktopChannel = desktopChannelOn({
  platform: process.platform,
  env: process.env,
  run: runCommand,
  nowMs: () => performance.now(),
  // Loaded when it is needed: it costs 10 MB, and a current Linux desktop never needs it.
  showThroughLibrary: async (notification, answer) => { (await import('node-notifier')).default.notify(notification, answer); },
});

/** Why nothing can be shown here, or null. */
function missingOf({ platform, env }: DesktopSystem): string | null {
  if (platform === 'darwin') return null;
  if (platform !== 'linux') return `no desktop notifications on ${platform}`;
  if (!isSet(env['DISPLAY']) && !isSet(env['WAYLAND_DISPLAY'])) return 'no desktop session (neither DISPLAY nor WAYLAND_DISPLAY is set)';
  const runtimeFolder = env['XDG_RUNTIME_DIR'];
  const hasBus = isSet(env['DBUS_SESSION_BUS_ADDRESS']) || (isSet(runtimeFolder) && existsSync(join(runtimeFolder, 'bus')));
  return hasBus ? null : 'no session bus (DBUS_SESSION_BUS_ADDRESS is not set and $XDG_RUNTIME_DIR/bus does not exist)';
}

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';
