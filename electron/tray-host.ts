// Answers whether a tray on this desktop shows our icon, and goes on asking while none does. Electron looks for one once, when the
// icon is created: at login the icon has to wait for the panel that is still starting, and later for a tray that comes after all.
import { nameHasOwner } from './session-bus.ts';

export const TRAY_WATCHER = 'org.kde.StatusNotifierWatcher';

/** `unknown`: nobody can be asked; the icon may still be shown the old way. */
export type TrayHost = 'present' | 'absent' | 'unknown';

export interface TrayHostOptions {
  readonly platform: NodeJS.Platform;
  /** DBUS_SESSION_BUS_ADDRESS. */
  readonly busAddress: string | undefined;
  /** How long a tray may take to come before there is said to be none. */
  readonly waitMs: number;
  /** Called once, then a second time should a tray come after `absent`. */
  readonly onHost: (host: TrayHost) => void;
  /** Between two looks while it is waited for. Default 300 ms. */
  readonly pollMs?: number;
  /** Between two looks after `absent`. Default 5 s. */
  readonly laterMs?: number;
}

/** Chromium writes `disabled:` into the environment where it finds no session bus. */
const isBus = (address: string | undefined): boolean => address !== undefined && !address.startsWith('disabled:');

/** Looks until there is a tray or nobody to ask. The result ends it. */
export function watchTrayHost({ platform, busAddress, waitMs, onHost, pollMs = 300, laterMs = 5_000 }: TrayHostOptions): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let isSaidAbsent = false;
  const deadlineMs = performance.now() + waitMs;
  const settle = (host: TrayHost) => {
    isOver = host !== 'absent';
    isSaidAbsent = host === 'absent';
    onHost(host);
  };
  const look = async () => {
    const owned = platform === 'linux' ? await nameHasOwner(TRAY_WATCHER, busAddress) : true;
    if (isOver) return;
    if (owned === true) return settle('present');
    // Without a session bus there is nobody to show it; a bus that only cannot be asked from here may well have a tray.
    if (owned === null && !isSaidAbsent) return isBus(busAddress) ? settle('unknown') : settle('absent');
    if (owned === false && !isSaidAbsent && performance.now() >= deadlineMs) settle('absent');
    timer = setTimeout(() => void look(), isSaidAbsent ? laterMs : pollMs);
  };
  void look();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
