// Answers how this very Upkeep is started again: program, arguments and environment. Pure.
import type { Launch } from './autostart-entry.ts';
import { HIDDEN_ARGUMENT } from './launch-options.ts';

export interface Started {
  /** `process.execPath`. */
  readonly executable: string;
  /** The folder given to Electron while developing; null: the app is packaged. */
  readonly appFolder: string | null;
  /** APPIMAGE: where the file lies from which an AppImage was mounted; the executable itself is gone at the next start. */
  readonly appImage: string | undefined;
  /** Switches that Chromium needs to run at all here. */
  readonly switches: readonly string[];
  /** services.json, when it is not the one that a start without arguments finds. */
  readonly configFile: string | null;
  /** UPKEEP_HOME, when it was set. */
  readonly home: string | undefined;
}

/** Without a window, with the same configuration and data folder. */
export function launchAtLogin({ executable, appFolder, appImage, switches, configFile, home }: Started): Launch {
  const isAppImage = appFolder === null && appImage !== undefined && appImage !== '';
  return {
    environment: home === undefined || home === '' ? {} : { UPKEEP_HOME: home },
    program: isAppImage ? appImage : executable,
    args: [
      ...switches, ...(appFolder === null ? [] : [appFolder]), HIDDEN_ARGUMENT, ...(configFile === null ? [] : ['--config', configFile]),
    ],
  };
}
