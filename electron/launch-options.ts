// Answers what the person asked for on the command line. Pure.
// Electron and Chromium put switches of their own among our arguments, so unknown ones are passed over.

export interface LaunchOptions {
  readonly configFile: string | undefined;
  /** Started at login: nobody is waiting for a window. */
  readonly hidden: boolean;
}

/** Without a window, where there is another way to reach Upkeep. */
export const HIDDEN_ARGUMENT = '--hidden';

/**
 * @param argv as `process.argv` has it
 * @param developing whether Electron was started as `electron FOLDER …`, which puts the folder among the arguments
 * @throws RangeError when `--config` has no value
 */
export function readLaunchOptions(argv: readonly string[], developing: boolean): LaunchOptions {
  const folderAt = developing ? argv.findIndex((argument, index) => index > 0 && !argument.startsWith('-')) : 0;
  const own = argv.slice(folderAt + 1);
  const hidden = own.includes(HIDDEN_ARGUMENT);
  const at = own.findLastIndex((argument) => argument === '--config' || argument.startsWith('--config='));
  const argument = own[at];
  if (argument === undefined) return { configFile: undefined, hidden };
  const configFile = argument === '--config' ? own[at + 1] : argument.slice('--config='.length);
  if (configFile === undefined || configFile === '' || configFile.startsWith('--')) {
    throw new RangeError('--config needs a file: --config services.json');
  }
  return { configFile, hidden };
}
