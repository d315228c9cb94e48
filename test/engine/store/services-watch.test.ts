import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchFile } from '../../../supervisor/store/services-watch.ts';

const TOLD_WITHIN_MS = 1_000;

let folder = '';
let file = '';
let stop = (): void => undefined;
const onChange = vi.fn<() => void>();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upkeep-watch-'));
  file = join(folder, 'services.json');
  await writeFile(file, 'one');
  onChange.mockReset();
});
afterEach(async () => {
  stop();
  await rm(folder, { recursive: true });
});

const watch = (): void => { stop = watchFile(file, onChange); };
/** The next call of `onChange`, and how long after `change` it came. */
async function timeUntilTold(change: () => Promise<void>): Promise<number> {
  const told = new Promise<void>((resolve) => { onChange.mockImplementationOnce(resolve); });
  await change();
  const changedMs = performance.now();
  await told;
  return performance.now() - changedMs;
}

describe('a change is told within a second', () => {
  const replace = async (text: string): Promise<void> => {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  };
  test.each([
    { title: 'written in place', change: () => writeFile(file, 'two') },
    { title: 'written in place with the same content', change: () => writeFile(file, 'one') },
    { title: 'replaced by renaming, as many editors do', change: () => replace('two') },
    { title: 'replaced by one of the same size and age', change: async () => {
      const then = new Date(0);
      await writeFile(`${file}.new`, 'two');
      await utimes(`${file}.new`, then, then);
      await rename(`${file}.new`, file);
    } },
    { title: 'deleted', change: () => rm(file) },
  ])('$title', async ({ change }) => {
    watch();
    expect(await timeUntilTold(change)).toBeLessThan(TOLD_WITHIN_MS);
  });

  test('deleted and made again', async () => {
    watch();
    await timeUntilTold(() => rm(file));
    expect(await timeUntilTold(() => writeFile(file, 'one'))).toBeLessThan(TOLD_WITHIN_MS);
  });
  test('made for the first time, with its folder', async () => {
    file = join(folder, 'later', 'services.json');
    watch();
    expect(await timeUntilTold(async () => { await mkdir(join(folder, 'later')); await writeFile(file, 'one'); })).toBeLessThan(TOLD_WITHIN_MS);
  });
  test('behind a link that now leads elsewhere, as dotfile tools do', async () => {
    await writeFile(join(folder, 'other.json'), 'two');
    file = join(folder, 'link.json');
    await symlink('services.json', file);
    watch();
    expect(await timeUntilTold(async () => { await symlink('other.json', `${file}.new`); await rename(`${file}.new`, file); })).toBeLessThan(TOLD_WITHIN_MS);
  });
  test('behind a folder that is swapped, as Kubernetes does', async () => {
    for (const version of ['v1', 'v2']) {
      await mkdir(join(folder, version));
      await writeFile(join(folder, version, 'services.json'), version);
    }
    await symlink('v1', join(folder, 'data'));
    file = join(folder, 'data', 'services.json');
    watch();
    expect(await timeUntilTold(async () => { await symlink('v2', join(folder, 'data.new')); await rename(join(folder, 'data.new'), join(folder, 'data')); })).toBeLessThan(TOLD_WITHIN_MS);
  });
  test('one change after the other', async () => {
    watch();
    for (const text of ['two', 'three', 'four']) expect(await timeUntilTold(() => replace(text))).toBeLessThan(TOLD_WITHIN_MS);
    expect(onChange).toHaveBeenCalledTimes(3);
  });
});

describe('nothing is told', () => {
  test('for what was there before', async () => {
    watch();
    await timeUntilTold(() => writeFile(file, 'two'));
    expect(onChange).toHaveBeenCalledTimes(1);
  });
  test('after it was stopped, and stopping twice is fine', async () => {
    watch();
    const other = vi.fn<() => void>();
    const stopOther = watchFile(file, other);
    stopOther();
    stopOther();
    // The other watch tells of the same change: by then this one would have, too.
    await timeUntilTold(() => writeFile(file, 'two'));
    await timeUntilTold(() => writeFile(file, 'three'));
    expect(other).not.toHaveBeenCalled();
  });
  test('before a file that is written in several steps has come to rest', async () => {
    watch();
    let written = 0;
    const seenAt: number[] = [];
    const all = 12;
    const told = new Promise<void>((resolve) => { onChange.mockImplementation(() => { seenAt.push(written); if (written === all) resolve(); }); });
    // A step each 20 ms, well below the quiet time; the timer drives the steps and nothing waits for a fixed time.
    await new Promise<void>((resolve, reject) => {
      const timer = setInterval(() => {
        written += 1;
        if (written === all) { clearInterval(timer); writeFile(file, `step ${written}`).then(resolve, reject); } else writeFile(file, `step ${written}`).catch(reject);
      }, 20);
    });
    await told;
    expect(seenAt.at(-1)).toBe(all);
    expect(seenAt.length).toBeLessThan(all);
  });
});
