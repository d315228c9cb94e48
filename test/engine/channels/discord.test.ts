// The Discord channel against a loopback server that answers as Discord does.
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { discordChannel, type DiscordSettings } from '../../../supervisor/channels/discord.ts';
import type { Channel } from '../../../supervisor/ports.ts';
import { channelSuite } from './channel-suite.ts';
import { listen, notice } from './notices.ts';

const TOKEN = 'tok-8b1f';
const PATIENCE_MS = 30_000;
const never = new AbortController().signal;
const servers: Server[] = [];

const channelAt = (port: number): Channel => {
  const settings = discordChannel.schema.parse({ webhookUrl: `http://127.0.0.1:${port}/api/webhooks/1/${TOKEN}` }) as DiscordSettings;
  return discordChannel.create(settings, listen().context);
};
async function serve(answer: RequestListener): Promise<{ port: number; channel: Channel }> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return { port: address.port, channel: channelAt(address.port) };
}
const answering = async (status: number, body = '', headers: Record<string, string> = {}): Promise<Channel> =>
  (await serve((request, response) => { request.resume(); response.writeHead(status, headers).end(body); })).channel;

/** The channel must have let go of its connections by itself: a server only closes when its last one is gone. */
const cleanUp = async (): Promise<void> => {
  vi.useRealTimers();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  await vi.waitFor(() => { expect(process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'))).toEqual([]); }, { timeout: PATIENCE_MS });
};

describe('discord', () => {
  channelSuite({
    well: () => answering(204),
    broken: {
      'nobody listens': async () => {
        const { port, channel } = await serve(() => undefined);
        const server = servers.pop();
        await new Promise((resolve) => server?.close(resolve));
        expect(port).toBeGreaterThan(0);
        return channel;
      },
      'the server hangs up': async () => (await serve((request) => { request.socket.destroy(); })).channel,
      'the webhook is gone': () => answering(404, `{"message": "Unknown Webhook ${TOKEN}"}`),
      'the server is in trouble': () => answering(502, '<html>'),
      'too many messages': () => answering(429, '{"retry_after": 1}'),
    },
    silent: async () => (await serve(() => undefined)).channel,
    secrets: [TOKEN, '127.0.0.1', '/api/webhooks'],
    cleanUp,
  });
});

describe('what Discord gets', () => {
  afterEach(cleanUp);

  test('is the plain text, and nobody is mentioned by it', async () => {
    let got: unknown;
    const { channel } = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => { chunks.push(chunk); }).on('end', () => {
        got = { method: request.method, path: request.url, type: request.headers['content-type'], body: JSON.parse(Buffer.concat(chunks).toString()) as unknown };
        response.writeHead(204).end();
      });
    });
    await channel.deliver(notice({ message: 'body is "@everyone ü".' }), never);
    expect(got).toEqual({
      method: 'POST', path: `/api/webhooks/1/${TOKEN}`, type: 'application/json',
      body: { content: 'Demo is down: body is "@everyone ü".', allowed_mentions: { parse: [] } },
    });
  });

  test('is never longer than Discord takes', async () => {
    let length = 0;
    const { channel } = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => { chunks.push(chunk); }).on('end', () => {
        length = Array.from((JSON.parse(Buffer.concat(chunks).toString()) as { content: string }).content).length;
        response.writeHead(204).end();
      });
    });
    await channel.deliver(notice({ message: 'é'.repeat(5_000) }), never);
    expect(length).toBe(2_000);
  });
});

describe('what Discord answers', () => {
  afterEach(cleanUp);

  test.for<[string, number, string, Record<string, string>, object]>([
    ['200 is accepted', 200, '{"id": "1"}', {}, { accepted: true }],
    ['404 may mean that the webhook is gone', 404, '', {}, { accepted: false, unavailable: false, error: 'Discord answered 404: the webhook no longer exists?' }],
    ['500 is told', 500, '', {}, { accepted: false, unavailable: false, error: 'Discord answered 500' }],
    ['a redirect is not followed', 302, '', { location: 'http://127.0.0.1:9/' }, { accepted: false, unavailable: false, error: 'Discord answered 302' }],
    ['429 says in its body how long to wait', 429, '{"retry_after": 1.234}', {}, { accepted: false, unavailable: false, error: 'Discord answered 429: too many messages', retryAfterMs: 1_234 }],
    ['429 says in its header how long to wait', 429, 'slow down', { 'retry-after': '65' }, { accepted: false, unavailable: false, error: 'Discord answered 429: too many messages', retryAfterMs: 65_000 }],
    ['429 with nonsense says nothing', 429, '{"retry_after": "soon"}', { 'retry-after': 'later' }, { accepted: false, unavailable: false, error: 'Discord answered 429: too many messages' }],
  ])('%s', async ([, status, body, headers, result]) => {
    expect(await (await answering(status, body, headers)).deliver(notice(), never)).toEqual(result);
  });

  test('nothing at all is given up after 10 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { channel } = await serve(() => undefined);
    const delivering = channel.deliver(notice(), never);
    vi.advanceTimersByTime(10_000);
    expect(await delivering).toEqual({ accepted: false, unavailable: false, error: 'Discord did not answer within 10 s' });
  });
});

describe('the schema', () => {
  test.for(['https://discord.com/api/webhooks/1/x', 'http://127.0.0.1:1/x', 'http://localhost/x', 'http://[::1]:1/'])('takes %s', (webhookUrl) => {
    expect(discordChannel.schema.safeParse({ webhookUrl }).success).toBe(true);
  });
  test.for(['http://discord.com/api/webhooks/1/x', 'http://127.0.0.1.example.test/x', 'ftp://127.0.0.1/', 'webhook', ''])('refuses "%s"', (webhookUrl) => {
    expect(discordChannel.schema.safeParse({ webhookUrl }).error?.issues[0]?.message).toBe('the https address of a Discord webhook');
  });
  test('refuses unknown keys', () => {
    expect(discordChannel.schema.safeParse({ webhookUrl: 'https://a.test/', url: 1 }).error?.issues).toMatchObject([{ code: 'unrecognized_keys', keys: ['url'] }]);
  });
});
