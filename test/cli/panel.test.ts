// How the command gives a person the panel in their browser.
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually } from '../engine/local-api/eventually.ts';
import { useBundledCli } from './bundled-cli.ts';

const ADDRESS = 'http://127.0.0.1:4000/#token=once';
const bed = useBundledCli();

/** A program in place of the browser's opener, first on the PATH, that notes its arguments. */
async function putOpener(script: string): Promise<Readonly<Record<string, string>>> {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  await writeFile(join(bed.home, opener), `#!/bin/sh\n${script}\n`);
  await chmod(join(bed.home, opener), 0o755);
  return { PATH: `${bed.home}:${process.env['PATH'] ?? ''}`, DISPLAY: ':77' };
}
const opened = (): Promise<string> => readFile(join(bed.home, 'opened'), 'utf8').catch(() => '');

describe('upkeep panel', () => {
  test('prints the address of the running instance and opens it', async () => {
    const { api } = await bed.serve();
    const env = await putOpener(`printf '%s\\n' "$@" > '${bed.home}/opened'`);
    expect(await bed.run(['panel'], { env })).toEqual({ code: 0, out: `${ADDRESS}\n`, err: '' });
    expect(await opened()).toBe(`${ADDRESS}\n`);
    expect(api.calls).toEqual([{ name: 'openPanel', input: {} }]);
  });

  test('--print opens nothing', async () => {
    await bed.serve();
    const env = await putOpener(`echo x > '${bed.home}/opened'`);
    expect(await bed.run(['panel', '--print'], { env })).toEqual({ code: 0, out: `${ADDRESS}\n`, err: '' });
    expect(await opened()).toBe('');
  });

  test('prints the address before the browser has come', async () => {
    await bed.serve();
    const env = await putOpener(`while [ ! -e '${bed.home}/seen' ]; do sleep 0.05; done`);
    const { out, ended } = bed.start(['panel'], { env });
    await eventually(() => { expect(out()).toBe(`${ADDRESS}\n`); });
    await writeFile(join(bed.home, 'seen'), '');
    expect(await ended).toMatchObject({ code: 0, err: '' });
  });

  test('without a display says so and prints the address all the same', async () => {
    await bed.serve();
    expect(await bed.run(['panel'], { env: { DISPLAY: '', WAYLAND_DISPLAY: '' } })).toEqual({
      code: 0, out: `${ADDRESS}\n`, err: 'There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): open the address in a browser of this machine.\n',
    });
  });

  test.each([
    { title: 'an opener that finds no browser', script: 'exit 3', says: 'xdg-open found no browser (it ended with 3): open the address in one yourself.\n' },
    { title: 'no opener', script: null, says: 'xdg-open was not found: open the address in a browser yourself.\n' },
  ])('$title is told, and the address is there', async ({ script, says }) => {
    await bed.serve();
    const env = script === null ? { PATH: bed.home, DISPLAY: ':77' } : await putOpener(script);
    expect(await bed.run(['panel'], { env })).toEqual({ code: 0, out: `${ADDRESS}\n`, err: says });
  });

  test('without a running Upkeep ends with 69 and says what to do', async () => {
    expect(await bed.run(['panel'])).toEqual({ code: 69, out: '', err: 'Upkeep is not running; start it with "upkeep watch" or the tray app.\n' });
  });
});
