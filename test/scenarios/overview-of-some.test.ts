import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bedWith } from './bed.ts';

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'upkeep-overview-')); });
afterEach(() => { rmSync(folder, { recursive: true }); });

it('gives the last day of those services that are asked for, without those there are not, and of all when none is named', async () => {
  const bed = bedWith({ web: { manager: null }, api: { manager: null } });
  bed.historyFile = join(folder, 'journal.db');
  await bed.begin();
  await bed.run(90_000);
  const ids = async (services?: string[]) => (await bed.api.call('overview', services === undefined ? {} : { services })).services.map(({ service }) => service);
  expect(await ids()).toEqual(['web', 'api']);
  expect(await ids(['api', 'gone'])).toEqual(['api']);
  await bed.stop();
});
