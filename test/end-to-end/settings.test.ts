// What a person sets and answers, in the product as it ships: over the socket, on the disk, and after a restart.
import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../supervisor/contract/settings.ts';
import { connect, type ConnectedApi } from '../../supervisor/local-api/client.ts';
import { freePort, served, useUpkeepBed } from './upkeep-bed.ts';

const bed = useUpkeepBed();
const QUIET: Settings = { theme: 'dark', notifications: { level: 'critical', quietHours: { from: '22:00', to: '07:00', exceptCritical: true } } };
const connections: ConnectedApi[] = [];
async function running(): Promise<ConnectedApi> {
  const api = await connect(join(bed.home, 'data'));
  if (api === null) throw new Error('nobody answers at the socket');
  connections.push(api);
  return api;
}
afterEach(() => {
  for (const api of connections.splice(0)) api.close();
});

describe('settings', () => {
  test('are on disk when they are answered, and hold after a restart of Upkeep', async () => {
    await bed.configure({ version: 1, services: { web: served(await freePort()) } });
    const first = await bed.watch();
    const api = await running();
    expect(await api.call('settings', {})).toEqual(DEFAULT_SETTINGS);
    expect(await api.call('changeSettings', { settings: QUIET })).toEqual(QUIET);
    expect(JSON.parse(bed.read('data/settings.json'))).toEqual(QUIET);
    first.child.kill('SIGKILL');
    await first.ended;
    await bed.watch();
    expect(await (await running()).call('settings', {})).toEqual(QUIET);
  });

  test('that are damaged are kept beside, told, and the defaults hold', async () => {
    await bed.configure({ version: 1, services: { web: served(await freePort()) } });
    await mkdir(join(bed.home, 'data'), { mode: 0o700 });
    await writeFile(join(bed.home, 'data/settings.json'), '{ "theme": "dark"');
    const watching = await bed.watch();
    expect(await watching.event('state.set-aside')).toMatchObject({ reason: expect.stringMatching(/^The settings file could not be used \(it is not JSON\) and is kept as settings\.json\.corrupt-\S+; the defaults hold\.$/) as string });
    expect(await (await running()).call('settings', {})).toEqual(DEFAULT_SETTINGS);
    expect((await bed.status()).notes).toContainEqual(expect.stringContaining('The settings file could not be used'));
    expect(readdirSync(join(bed.home, 'data')).filter((name) => name.startsWith('settings.json.corrupt-'))).toHaveLength(1);
  });
});

describe('an alert', () => {
  test('that is acknowledged stays so after Upkeep was killed, and its end is told', async () => {
    const port = await freePort();
    await bed.configure({ version: 1, alerts: { channels: { log: {} }, levels: { critical: { to: ['log'] } } }, services: { web: { name: 'Website', checks: [{ type: 'tcp', port }], interval: '250ms' } } });
    const first = await bed.watch();
    const raised = await first.event('alert.raised', 'web');
    expect(await first.event('alert.delivered', 'web')).toMatchObject({ channel: 'log', notice: 'raised', attempts: 1, alert: raised['alert'] });
    expect(await (await running()).call('acknowledge', { alert: String(raised['alert']) })).toMatchObject({ service: 'web', ok: true });
    first.child.kill('SIGKILL');
    await first.ended;
    const second = await bed.watch();
    expect((await bed.status()).alerts).toMatchObject([{ id: raised['alert'], acknowledgedAt: expect.any(String) as string, deliveries: [{ channel: 'log', state: 'sent' }] }]);
    await bed.configure({ version: 1, alerts: { channels: { log: {} }, levels: { critical: { to: ['log'] } } }, services: { other: served(await freePort()) } });
    await second.event('alert.resolved', 'web');
    expect(await second.event('alert.delivered', 'web')).toMatchObject({ notice: 'resolved' });
  });
});

describe('a channel', () => {
  test('that is tried says what came of it, and what it lacks', async () => {
    await bed.configure({ version: 1, services: { web: served(await freePort()) } });
    await bed.watch();
    const api = await running();
    expect(await api.call('testChannel', { channel: 'log' })).toMatchObject({ ok: true });
    expect(bed.read('data/upkeep.log')).toMatch(/Upkeep test notification: It works: this was sent by Upkeep \S+ on \S+\./);
    expect(await api.call('testChannel', { channel: 'desktop' })).toMatchObject({ ok: false, message: expect.stringContaining('no desktop session') as string });
    expect(await api.call('testChannel', { channel: 'discord' })).toMatchObject({ ok: false, message: expect.stringContaining('"webhookUrl"') as string });
  });
});
