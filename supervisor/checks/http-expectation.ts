// What an HTTP answer must be like: the schema of "expect", and the first thing about an answer that is not so.
// Pure; it never sees a request.
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { duration } from '../contract/duration.ts';

const STATUS = 'a status such as 200, a range such as "200-299", or a list of them';
const PATTERN = 'a text, or a regular expression such as "/^ok$/i"';

const statusRange = z.union([
  z.int().min(100, { error: STATUS }).max(599, { error: STATUS }),
  z.string().regex(/^[1-5]\d\d(?:-[1-5]\d\d)?$/, { error: STATUS }).refine((text) => { const { from, to } = parseRange(text); return from <= to; }, { error: STATUS }),
], { error: STATUS });
const pattern = z.string({ error: PATTERN }).min(1, { error: PATTERN })
  .refine((text) => compile(text) !== null, { error: PATTERN });

export const expectationSchema = z.strictObject({
  status: z.union([statusRange, z.array(statusRange).min(1, { error: STATUS })], { error: STATUS })
    .default('200-299').describe('Statuses that pass: a number, a range, or a list of both, such as [200, "301-308"]. Default "200-299".'),
  body: pattern.describe('Text the body must contain, or "/regular expression/flags" it must match. Only the first 1 MiB is looked at.').optional(),
  json: z.record(z.string(), z.unknown(), { error: 'an object with a path and the value expected there' })
    .describe('Values the JSON body must have, by path: {"database.ok": true, "items.0.name": "a"}.').optional(),
  headers: z.record(z.string(), pattern, { error: 'an object with a header name and its text or /regular expression/' })
    .describe('Headers the answer must have: text the value must contain, or "/regular expression/flags".').optional(),
  maxLatency: duration({ minMs: 1 }).describe('A slower answer makes the service degraded, not down.').optional(),
  certificateDays: z.int({ error: 'a whole number of days' }).min(0, { error: '0 or more days' }).max(3_650, { error: '3650 days or less' })
    .describe('A TLS certificate that expires in fewer days makes the service degraded. An expired one is a failure in any case.').optional(),
});
export type Expectation = z.output<typeof expectationSchema>;

export interface Head {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Takes out what must not be quoted. Always before a text is shortened: the beginning of a secret is one, too. */
type Redact = (text: string) => string;

/** What is wrong with status and headers, or null. */
export function findHeadMismatch(expect: Expectation, { status, headers }: Head, redact: Redact): string | null {
  const ranges = Array.isArray(expect.status) ? expect.status : [expect.status];
  if (!ranges.some((range) => { const { from, to } = parseRange(range); return status >= from && status <= to; })) {
    return `answered ${status}, expected ${ranges.join(' or ')}`;
  }
  for (const [name, wanted] of Object.entries(expect.headers ?? {})) {
    const found = headers[name.toLowerCase()];
    if (found === undefined) return `answered without header ${name}, expected ${describePattern(wanted, redact)}`;
    const value = Array.isArray(found) ? found.join(', ') : found;
    // A cookie is a credential, the service's own.
    if (!matches(wanted, value)) return `header ${name} is ${name.toLowerCase() === 'set-cookie' ? 'another' : excerpt(redact(value))}, expected ${describePattern(wanted, redact)}`;
  }
  return null;
}

export const needsBody = (expect: Expectation): boolean => expect.body !== undefined || expect.json !== undefined;

/** What is wrong with the body, or null. */
export function findBodyMismatch(expect: Expectation, body: string, redact: Redact): string | null {
  if (expect.body !== undefined && !matches(expect.body, body)) {
    return `body is ${excerpt(redact(body))}, expected ${describePattern(expect.body, redact)}`;
  }
  if (expect.json === undefined) return null;
  const document = parseJson(body);
  if (document === undefined) return `body is ${excerpt(redact(body))}, expected JSON`;
  for (const [path, wanted] of Object.entries(expect.json)) {
    const found = valueAt(document.value, path);
    if (found === undefined) return `body has no ${path}, expected ${brief(redact(JSON.stringify(wanted)))}`;
    if (!isDeepStrictEqual(found, wanted)) return `${path} is ${brief(redact(JSON.stringify(found)))}, expected ${brief(redact(JSON.stringify(wanted)))}`;
  }
  return null;
}

function parseRange(range: string | number): { from: number; to: number } {
  const [from, to = from] = String(range).split('-').map(Number);
  return { from: from ?? Number.NaN, to: to ?? Number.NaN };
}

/** A plain text stands for itself; null: a regular expression that is none. */
function compile(text: string): string | RegExp | null {
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/s.exec(text) ?? [];
  if (source === undefined) return text;
  try {
    return new RegExp(source, flags);
  } catch {
    return null;
  }
}

function matches(wanted: string, found: string): boolean {
  const compiled = compile(wanted);
  return compiled instanceof RegExp ? compiled.test(found) : found.includes(wanted);
}

const describePattern = (text: string, redact: Redact): string => (compile(text) instanceof RegExp ? `to match ${brief(redact(text))}` : `to contain ${excerpt(redact(text))}`);

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** The value at "a.b.0" or "a.b[0]"; undefined where there is none. The empty path is the whole document. */
function valueAt(document: unknown, path: string): unknown {
  let value = document;
  for (const key of path.replace(/\[(\d+)\]/g, '.$1').split('.').filter((part) => part !== '')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

const EXCERPT_LENGTH = 80;
/** One line of at most 80 characters, without control characters; ends with "…" where anything was left out. */
function brief(text: string): string {
  const looked = text.slice(0, 10 * EXCERPT_LENGTH);
  const line = looked.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  const characters = Array.from(line);
  return characters.length > EXCERPT_LENGTH || looked.length < text.trimEnd().length ? `${characters.slice(0, EXCERPT_LENGTH - 1).join('')}…` : line;
}
const excerpt = (text: string): string => (text.trim() === '' ? 'empty' : `"${brief(text)}"`);
