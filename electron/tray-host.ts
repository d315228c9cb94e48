// Answers whether a tray on this desktop will show our icon. Electron looks for one once, when the icon is created, so at
// login the icon has to wait for the panel that is still starting.
import { setTimeout as delay } from 'node:timers/promises';
import { nameHasOwner } from './session-bus.ts';

export const TRAY_WATCHER = 'org.kde.StatusNotifierWatcher';

/** `unknown`: nobody can be asked; the icon may still be shown the old way. */
export type TrayHost = 'present' | 'absent' | 'unknown';

export interface TrayHostOptions {
  readonly platform: NodeJS.Platform;
  /** DBUS_SESSION_BUS_ADDRESS. */
  readonly busAddress: string | undefined;
  /** Default 15 s. */
  readonly waitMs?: number;
  /** Default 300 ms. */
  readonly pollMs?: number;
}

/** Chromium writes `disabled:` into the environment where it finds no session bus. */
const isBus = (address: string | undefined): boolean => address !== undefined && !address.startsWith('disabled:');

/** Waits until a tray host is there; `absent` when none came within `waitMs`. */
export async function waitForTrayHost({ platform, busAddress, waitMs = 15_000, pollMs = 300 }: TrayHostOptions): Promise<TrayHost> {
  if (platform !== 'linux') return 'present';
  const deadlineMs = performance.now() + waitMs;
  for (;;) {
    const owned = await nameHasOwner(TRAY_WATCHER, busAddress);
    // Without a session bus there is nobody to show it; a bus that only cannot be asked from here may well have a tray.
    if (owned === null) return isBus(busAddress) ? 'unknown' : 'absent';
    if (owned) return 'present';
    if (performance.now() >= deadlineMs) return 'absent';
    await delay(pollMs);
  }
}
