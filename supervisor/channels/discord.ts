// Tells a person through a Discord webhook. The address is the credential: no error ever contains it.
import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import * as z from 'zod';
import type { ChannelKind, DeliveryResult, Notice } from '../ports.ts';

const TIMEOUT_MS = 10_000;
/** Discord's own limit; longer contents are refused. */
const MAX_CONTENT_CHARACTERS = 2_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const ADDRESS = 'the https address of a Discord webhook';
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const schema = z.strictObject({
  webhookUrl: z.string({ error: ADDRESS }).refine(isWebhookAddress, { error: ADDRESS })
    .describe('Address of the webhook, from the settings of the Discord channel. A secret: write it as "${env:NAME}".'),
}).describe('Notices in a Discord channel.');
export type DiscordSettings = z.output<typeof schema>;

export const discordChannel: ChannelKind<DiscordSettings> = {
  name: 'discord',
  schema,
  attention: 'quiet',
  create: ({ webhookUrl }) => ({
    deliver: async (notice, signal) => {
      const answer = await post(new URL(webhookUrl), JSON.stringify({ content: contentOf(notice), allowed_mentions: { parse: [] } }), signal);
      return 'status' in answer ? judge(answer) : refused(answer.trouble);
    },
  }),
};

const contentOf = ({ title, message }: Notice): string => Array.from(`${title}: ${message}`).slice(0, MAX_CONTENT_CHARACTERS).join('');

interface Answer { readonly status: number; readonly retryAfter: string | undefined; readonly body: string }

/** Without TLS only on this machine, for a relay or a test. */
function isWebhookAddress(text: string): boolean {
  try {
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
  } catch {
    return false;
  }
}

/** Never rejects, and leaves no connection open. */
function post(url: URL, body: string, signal: AbortSignal): Promise<Answer | { readonly trouble: string }> {
  return new Promise((resolve) => {
    if (signal.aborted) { resolve({ trouble: 'the delivery was called off' }); return; }
    const start = url.protocol === 'https:' ? requestSecure : requestPlain;
    const request = start(url, {
      method: 'POST', agent: false,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'user-agent': 'upkeep' },
    });
    const settle = (answer: Answer | { readonly trouble: string }): void => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', abort);
      request.destroy();
      resolve(answer);
    };
    const abort = (): void => { settle({ trouble: 'the delivery was called off' }); };
    const deadline = setTimeout(() => { settle({ trouble: `Discord did not answer within ${TIMEOUT_MS / 1_000} s` }); }, TIMEOUT_MS);
    signal.addEventListener('abort', abort);
    request.on('error', (error) => { settle({ trouble: `Discord cannot be reached (${codeOf(error)})` }); });
    request.on('response', (response) => { readAnswer(response, settle); });
    request.end(body);
  });
}

function readAnswer(response: IncomingMessage, settle: (answer: Answer) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const done = (): void => {
    settle({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], body: Buffer.concat(chunks).toString('utf8') });
  };
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) done();
  });
  response.once('end', done).on('error', done);
}

function judge({ status, retryAfter, body }: Answer): DeliveryResult {
  if (status >= 200 && status <= 299) return { accepted: true };
  if (status === 429) {
    const retryAfterMs = waitOf(retryAfter, body);
    return { ...refused('Discord answered 429: too many messages'), ...(retryAfterMs === null ? {} : { retryAfterMs }) };
  }
  return refused(`Discord answered ${status}${HINTS[status] ?? ''}`);
}

const HINTS: Readonly<Record<number, string>> = {
  400: ': it does not take this message',
  401: ': the webhook address is not right',
  403: ': the webhook address is not right',
  404: ': the webhook no longer exists?',
};

const refused = (error: string) => ({ accepted: false, unavailable: false, error }) as const;

const rateLimitSchema = z.object({ retry_after: z.number().nonnegative() });

/** Both places count in seconds; the body is the more exact one. */
function waitOf(header: string | undefined, body: string): number | null {
  const { data } = rateLimitSchema.safeParse(parseJson(body));
  const seconds = data?.retry_after ?? (header === undefined ? Number.NaN : Number(header));
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * 1_000) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : error.name);
