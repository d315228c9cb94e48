// Opens an address in the person's browser. Takes only addresses that Upkeep made or has checked; waits for no browser to end.
import { spawnDetached } from './run-command.ts';

/** An opener that is still at work after this time has found a browser: some run it themselves until it is closed. */
const FAILS_WITHIN_MS = 3_000;

/** null: it opens. Otherwise why it does not, one sentence. */
export async function openAddress(address: string, { env, platform }: { readonly env: NodeJS.ProcessEnv; readonly platform: NodeJS.Platform }): Promise<string | null> {
  const opener = platform === 'darwin' ? 'open' : 'xdg-open';
  if (platform !== 'darwin' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return 'There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): open the address in a browser of this machine.';

  const opened = await spawnDetached([opener, address], { cwd: '/', env, logFile: '/dev/null' });
  if (!opened.ok) return `${opener} ${opened.refusal.code === 'not-found' ? 'was not found' : 'cannot be started'}: open the address in a browser yourself.`;
  let late: NodeJS.Timeout | undefined;
  const end = await Promise.race([opened.exited, new Promise<null>((resolve) => { late = setTimeout(() => { resolve(null); }, FAILS_WITHIN_MS); })]);
  clearTimeout(late);
  if (end === null || end.code === 0) return null;
  return `${opener} found no browser (it ended with ${end.code ?? end.signal ?? 'no code'}): open the address in one yourself.`;
}
