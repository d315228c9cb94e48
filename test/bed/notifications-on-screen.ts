// The notifications that xfce4-notifyd has on the screen of with-desktop.sh: how many there are, and a person's clicks. Asserts nothing.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { waitFor, type WaitOptions } from './wait-for.ts';

const run = promisify(execFile);

/** Their windows. */
export async function listNotifications(): Promise<readonly string[]> {
  const { stdout } = await run('xdotool', ['search', '--onlyvisible', '--class', 'xfce4-notifyd']).catch(() => ({ stdout: '' }));
  return stdout.split('\n').filter((line) => line !== '');
}

/** Waits until so many are on the screen. */
export const untilNotifications = (count: number, options?: WaitOptions): Promise<readonly string[]> =>
  waitFor(`${count} notifications on the screen`, async () => {
    const found = await listNotifications();
    return found.length === count && found;
  }, options);

/** A click beside the button closes one without opening anything. */
export async function dismissNotifications(): Promise<void> {
  for (const window of await listNotifications()) await run('xdotool', ['mousemove', '--window', window, '20', '20', 'click', '1']);
  await untilNotifications(0);
}

const pictureOf = async (window: string): Promise<string> => (await run('import', ['-window', window, '-depth', '8', 'rgb:-'], { encoding: 'base64', maxBuffer: 64 * 1024 * 1024 })).stdout;

/** This notification service has a button for the action, at the right end of the bottom. It takes a click once it has felt the pointer. */
export async function clickOpen(window: string): Promise<void> {
  await run('xdotool', ['mousemove', '1', '1']);
  let picture = '';
  await waitFor('a notification that has come to rest', async () => {
    const earlier = picture;
    picture = await pictureOf(window);
    return picture === earlier;
  });
  const { stdout } = await run('xdotool', ['getwindowgeometry', '--shell', window]);
  const [, width = 0, height = 0] = (/WIDTH=(\d+)\nHEIGHT=(\d+)/.exec(stdout) ?? []).map(Number);
  await run('xdotool', ['mousemove', '--window', window, String(width - 50), String(height - 31)]);
  await waitFor('the button to feel the pointer', async () => (await pictureOf(window)) !== picture);
  await run('xdotool', ['click', '1']);
}
