// Answers whether Upkeep starts at login, as the system says it, and changes that when a person wants it.
// Linux: an XDG autostart entry, written here because Electron does nothing there. macOS: its list of login items.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { StartAtLogin } from '../supervisor/contract/panel.ts';
import { type AutostartEntry, type Launch, readEntry, writeEntry } from './autostart-entry.ts';
import { readText } from './kept-text.ts';

export interface LoginStart {
  read(): StartAtLogin;
  /** Says what holds afterwards. Throws with a sentence when it cannot be changed. */
  set(enabled: boolean): StartAtLogin;
}

/** XDG_CONFIG_HOME/autostart/upkeep.desktop. */
export function autostartFile(env: NodeJS.ProcessEnv): string {
  const folder = env['XDG_CONFIG_HOME'];
  // The XDG rules say that a relative path is to be passed over.
  const config = folder !== undefined && isAbsolute(folder) ? folder : join(env['HOME'] || homedir(), '.config');
  return join(config, 'autostart', 'upkeep.desktop');
}

/** @param launch how this Upkeep would be started */
export function autostartEntry(file: string, launch: Launch): LoginStart {
  const read = () => describeEntry(readEntry(readText(file)), file, launch, existsSync);
  return {
    read,
    set(enabled) {
      const { kind } = readEntry(readText(file));
      if (kind === 'foreign') throw new Error(`${file} was not written by Upkeep. Remove it, then try again.`);
      if (enabled) {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        writeFileSync(file, writeEntry(launch));
      } else if (kind === 'ours') {
        rmSync(file);
      }
      return read();
    },
  };
}

/** What an entry means to the person. */
export function describeEntry(entry: AutostartEntry, file: string, launch: Launch, exists: (path: string) => boolean): StartAtLogin {
  if (entry.kind === 'absent') return { enabled: false, note: null };
  if (entry.kind === 'foreign') return { enabled: false, note: `${file} was not written by Upkeep, so it is left alone.` };
  if (entry.disabled) return { enabled: false, note: 'It was switched off in the settings of the desktop.' };
  if (entry.program === null || !exists(entry.program)) {
    return { enabled: false, note: `The entry starts ${entry.program ?? 'nothing'}, which is gone. Switch it on again to start this Upkeep.` };
  }
  return { enabled: true, note: entry.program === launch.program ? null : `It starts ${entry.program}, not the Upkeep that runs now.` };
}

export interface LoginItems {
  getLoginItemSettings(): { readonly openAtLogin: boolean; readonly status?: string };
  setLoginItemSettings(settings: { openAtLogin: boolean }): void;
}

/** @param isPackaged a login item of the bare runtime would open an empty Electron */
export function loginItem(app: LoginItems, isPackaged: boolean): LoginStart {
  const read = () => describeLoginItem(app.getLoginItemSettings(), isPackaged);
  return {
    read,
    set(enabled) {
      if (!isPackaged) throw new Error(NOT_PACKAGED);
      app.setLoginItemSettings({ openAtLogin: enabled });
      return read();
    },
  };
}

const NOT_PACKAGED = 'Only an installed Upkeep can start at login.';

/** `status` says more than `openAtLogin` where the system gives it (macOS 13, from Electron 29). */
export function describeLoginItem({ openAtLogin, status }: ReturnType<LoginItems['getLoginItemSettings']>, isPackaged: boolean): StartAtLogin {
  if (!isPackaged) return { enabled: false, note: NOT_PACKAGED };
  if (status === 'requires-approval') return { enabled: false, note: 'Allow Upkeep in System Settings > General > Login Items.' };
  return { enabled: status === undefined ? openAtLogin : status === 'enabled', note: null };
}
