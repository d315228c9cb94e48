// The channels that are set up, with real kinds of channels: what a test notice says about them, and that none is left when they end.
import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createAlertChannels, type AlertChannels } from '../../../supervisor/alert-channels.ts';
import { discordChannel } from '../../../supervisor/channels/discord.ts';
import { logChannel } from '../../../supervisor/channels/log.ts';
import type { ChannelKind } from '../../../supervisor/ports.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import { listen } from './notices.ts';

const TOKEN = 'tok-8b1f';
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

function channelsOf(): { readonly channels: AlertChannels; readonly lines: string[] } {
  const { context, lines } = listen();
  const kinds: readonly ChannelKind[] = [discordChannel, logChannel];
  return { lines, channels: createAlertChannels({ ...context, clock: new VirtualClock(), kinds, redact: (text) => text, freshId: () => '1', sender: 'Upkeep 0.2.0 on workbench' }) };
}
/** A webhook whose server answers with that status; null: it never answers. */
async function webhook(status: number | null): Promise<string> {
  const server = createServer((_, response) => {
    if (status !== null) response.writeHead(status).end(`{"message": "${TOKEN}"}`);
  });
  servers.push(server);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return `http://127.0.0.1:${address.port}/api/webhooks/1/${TOKEN}`;
}

test('a channel that is set up is tried with its settings', async () => {
  const { channels, lines } = channelsOf();
  channels.configure({ log: {}, discord: { webhookUrl: await webhook(204) } });
  expect(await channels.test('log')).toEqual({ channel: 'log', ok: true, message: 'log has accepted the test notification.' });
  expect(lines).toEqual(['info [upkeep] Upkeep test notification: It works: this was sent by Upkeep 0.2.0 on workbench.']);
  expect(await channels.test('discord')).toMatchObject({ ok: true });
});

test('what a receiver has against it is said, without its address', async () => {
  const { channels } = channelsOf();
  channels.configure({ discord: { webhookUrl: await webhook(404) } });
  const answer = await channels.test('discord');
  expect(answer).toEqual({ channel: 'discord', ok: false, message: 'discord has not accepted the test notification: Discord answered 404: the webhook no longer exists?' });
  expect(JSON.stringify(answer)).not.toContain(TOKEN);
});

test('a channel that is not set up says what to write, with what each setting means', async () => {
  const { channels } = channelsOf();
  channels.configure({ log: {} });
  expect(await channels.test('discord')).toEqual({
    channel: 'discord', ok: false,
    message: 'discord is not set up. Write into services.json: "alerts": { "channels": { "discord": { "webhookUrl": "…" } } }. webhookUrl: Address of the webhook, from the settings of the Discord channel. A secret: write it as "${env:NAME}".',
  });
  expect(await channels.test('pigeon')).toBeNull();
});

test('the end of Upkeep does not wait for a receiver that never answers a test', async () => {
  const { channels } = channelsOf();
  channels.configure({ discord: { webhookUrl: await webhook(null) } });
  const testing = channels.test('discord');
  await channels.end();
  expect(await testing).toMatchObject({ ok: false });
});
