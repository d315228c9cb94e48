// What an answer is held against: the title of a row is the condition.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { httpCheck } from '../../../supervisor/checks/http.ts';
import { contextOf, parse } from './check-suite.ts';
import { serveHttp, type LoopbackServer } from './loopback-server.ts';

/** The server answers what the request asks it to. */
interface Answer { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: string }
let server: LoopbackServer;
let answer: Answer;
beforeAll(async () => {
  server = await serveHttp((_, response) => { response.writeHead(answer.status ?? 200, answer.headers).end(answer.body); });
});
afterAll(() => server.close());

const judge = async (found: Answer, expectation: object, method = 'GET') => {
  answer = found;
  const outcome = await httpCheck.run(parse(httpCheck, { type: 'http', url: `http://127.0.0.1:${server.port}/`, method, expect: expectation }), contextOf());
  if (outcome.result === 'pass') return outcome.slow === undefined ? 'pass' : `slow: ${outcome.slow}`;
  return outcome.evidence;
};
const json = (value: unknown): Answer => ({ body: JSON.stringify(value) });

describe('status', () => {
  test.for<[string, number, object, string]>([
    ['200 is expected by default', 200, {}, 'pass'],
    ['299 is expected by default', 299, {}, 'pass'],
    ['204 without a body is expected by default', 204, {}, 'pass'],
    ['300 is not expected by default', 300, {}, 'answered 300, expected 200-299'],
    ['500 is not expected by default', 500, {}, 'answered 500, expected 200-299'],
    ['404 equals "404"', 404, { status: '404' }, 'pass'],
    ['404 equals 404', 404, { status: 404 }, 'pass'],
    ['404 is in [200, 404]', 404, { status: [200, 404] }, 'pass'],
    ['403 is not in [200, 404]', 403, { status: [200, 404] }, 'answered 403, expected 200 or 404'],
    ['405 is in [200, "401-405"]', 405, { status: [200, '401-405'] }, 'pass'],
    ['406 is not in [200, "401-405"]', 406, { status: [200, '401-405'] }, 'answered 406, expected 200 or 401-405'],
  ])('%s', async ([, status, expectation, verdict]) => { expect(await judge({ status }, expectation)).toBe(verdict); });
});

describe('body', () => {
  test.for<[string, string, string, string]>([
    ['contains the text', 'all is well', 'is well', 'pass'],
    ['lacks the text', 'all is lost', 'is well', 'body is "all is lost", expected to contain "is well"'],
    ['has the text in other case', 'OK', 'ok', 'body is "OK", expected to contain "ok"'],
    ['matches the expression', 'uptime 12 s', '/uptime \\d+/', 'pass'],
    ['matches with a flag', 'OK', '/^ok$/i', 'pass'],
    ['does not match the expression', 'uptime unknown', '/uptime \\d+/', 'body is "uptime unknown", expected to match /uptime \\d+/'],
    ['has a text that only begins like an expression', 'see /health', '/health', 'pass'],
    ['is empty', '', 'x', 'body is empty, expected to contain "x"'],
    ['has several lines and control characters', 'a\n\n\u0007b\u001b[31m', 'x', 'body is "a b [31m", expected to contain "x"'],
    ['is long', 'é'.repeat(200), 'x', `body is "${'é'.repeat(79)}…", expected to contain "x"`],
  ])('%s', async ([, body, expectation, verdict]) => { expect(await judge({ body }, { body: expectation })).toBe(verdict); });
});

describe('json', () => {
  test.for<[string, Answer, object, string]>([
    ['a value is equal', json({ status: 'ok' }), { status: 'ok' }, 'pass'],
    ['a value differs', json({ status: 'starting' }), { status: 'ok' }, 'status is "starting", expected "ok"'],
    ['a number is not its text', json({ count: '1' }), { count: 1 }, 'count is "1", expected 1'],
    ['a value lies deeper', json({ db: { ok: true } }), { 'db.ok': true }, 'pass'],
    ['a value is missing', json({ db: {} }), { 'db.ok': true }, 'body has no db.ok, expected true'],
    ['a path leads through a text', json({ db: 'ok' }), { 'db.ok': true }, 'body has no db.ok, expected true'],
    ['null is a value', json({ error: null }), { error: null }, 'pass'],
    ['null is not absence', json({}), { error: null }, 'body has no error, expected null'],
    ['an array has an index', json({ items: [{ name: 'a' }, { name: 'b' }] }), { 'items.1.name': 'b' }, 'pass'],
    ['an array has an index in brackets', json({ items: [{ name: 'a' }] }), { 'items[0].name': 'a' }, 'pass'],
    ['an array ends before the index', json({ items: [] }), { 'items.0': 1 }, 'body has no items.0, expected 1'],
    ['objects are equal in any order', json({ a: { x: 1, y: [1, 2] } }), { a: { y: [1, 2], x: 1 } }, 'pass'],
    ['an object has one key more', json({ a: { x: 1, y: 2 } }), { a: { x: 1 } }, 'a is {"x":1,"y":2}, expected {"x":1}'],
    ['the empty path is the whole document', json([1]), { '': [1] }, 'pass'],
    ['an inherited name is no value', json({}), { constructor: 1 }, 'body has no constructor, expected 1'],
    ['the first wrong one of several is told', json({ a: 1, b: 3 }), { a: 1, b: 2 }, 'b is 3, expected 2'],
    ['the body is no JSON', { body: '<html>' }, { a: 1 }, 'body is "<html>", expected JSON'],
    ['the body is empty', {}, { a: 1 }, 'body is empty, expected JSON'],
  ])('%s', async ([, found, expectation, verdict]) => { expect(await judge(found, { json: expectation })).toBe(verdict); });
});

describe('headers', () => {
  test.for<[string, Record<string, string>, Record<string, string>, string]>([
    ['the value contains the text', { 'content-type': 'application/json; charset=utf-8' }, { 'Content-Type': 'application/json' }, 'pass'],
    ['the value lacks the text', { 'content-type': 'text/html' }, { 'content-type': 'application/json' }, 'header content-type is "text/html", expected to contain "application/json"'],
    ['the value matches the expression', { 'x-version': '1.22' }, { 'x-version': '/^1\\./' }, 'pass'],
    ['the value does not match the expression', { 'x-version': '2.0' }, { 'x-version': '/^1\\./' }, 'header x-version is "2.0", expected to match /^1\\./'],
    ['the header is missing', {}, { 'x-version': '1' }, 'answered without header x-version, expected to contain "1"'],
    ['the service\'s own cookie is not quoted', { 'set-cookie': 'sid=secret' }, { 'set-cookie': 'theme' }, 'header set-cookie is another, expected to contain "theme"'],
  ])('%s', async ([, headers, expectation, verdict]) => { expect(await judge({ headers }, { headers: expectation })).toBe(verdict); });
});

test('the status is judged before headers, headers before the body', async () => {
  const all = { status: 200, headers: { 'x-a': '1' }, body: 'b' };
  expect(await judge({ status: 500 }, all)).toBe('answered 500, expected 200');
  expect(await judge({ status: 200 }, all)).toBe('answered without header x-a, expected to contain "1"');
});

test('an answer to HEAD has no body, which is fine', async () => {
  expect(await judge({ headers: { 'content-length': '1000' } }, {}, 'HEAD')).toBe('pass');
});

test('an answer slower than maxLatency is degraded, one that is not is not', async () => {
  expect(await judge({}, { maxLatency: '1h' })).toBe('pass');
  const slow = await serveHttp((_, response) => { setTimeout(() => response.end(), 20); });
  const spec = parse(httpCheck, { type: 'http', url: `http://127.0.0.1:${slow.port}/`, expect: { maxLatency: '2ms' } });
  expect(await httpCheck.run(spec, contextOf())).toMatchObject({ result: 'pass', slow: expect.stringMatching(/^answered in [\d.]+ m?s, expected 2 ms or less$/) as string });
  await slow.close();
});

describe('the schema', () => {
  const url = 'http://127.0.0.1:4101/';
  const STATUS = 'a status such as 200, a range such as "200-299", or a list of them';
  const PATTERN = 'a text, or a regular expression such as "/^ok$/i"';
  test.for<[string, object, string, string]>([
    ['no url', {}, 'url', 'an http or https address'],
    ['another scheme', { url: 'ftp://a' }, 'url', 'an http or https address'],
    ['no address, whatever else is said', { url: 'here', expect: { certificateDays: 5 } }, 'url', 'an http or https address'],
    ['a method HTTP does not have', { url, method: 'get' }, 'method', 'one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
    ['a header name with a space', { url, headers: { 'a b': 'c' } }, 'headers.a b', 'a header name and text that HTTP allows'],
    ['a header text with a line end', { url, headers: { a: 'b\r\nc: d' } }, 'headers.a', 'a header name and text that HTTP allows'],
    ['a header that is no text', { url, headers: { a: 1 } }, 'headers.a', 'a text'],
    ['a status beyond 599', { url, expect: { status: 600 } }, 'expect.status', STATUS],
    ['a range the wrong way round', { url, expect: { status: '299-200' } }, 'expect.status', STATUS],
    ['an empty list', { url, expect: { status: [] } }, 'expect.status', STATUS],
    ['a body pattern that is none', { url, expect: { body: '/(/' } }, 'expect.body', PATTERN],
    ['a flag that does not exist', { url, expect: { body: '/a/q' } }, 'expect.body', PATTERN],
    ['an empty body text', { url, expect: { body: '' } }, 'expect.body', PATTERN],
    ['a header pattern that is none', { url, expect: { headers: { a: '/[/' } } }, 'expect.headers.a', PATTERN],
    ['a latency without unit', { url, expect: { maxLatency: '5' } }, 'expect.maxLatency', 'a duration such as "250ms", "10s", "5m" or "1h"'],
    ['certificateDays for http', { url, expect: { certificateDays: 5 } }, 'expect.certificateDays', 'no certificateDays for an http address'],
    ['followRedirects as text', { url, followRedirects: 'yes' }, 'followRedirects', 'true or false'],
  ])('refuses %s', ([, spec, path, message]) => {
    const { error } = httpCheck.schema.safeParse({ type: 'http', ...spec });
    expect(error?.issues.map((issue) => [issue.path.join('.'), issue.message])).toEqual([[path, message]]);
  });

  test('refuses unknown keys, also in expect', () => {
    const { error } = httpCheck.schema.safeParse({ type: 'http', url, timeout: '5s', expect: { state: 200 } });
    expect(error?.issues).toMatchObject(expect.arrayContaining([{ keys: ['timeout'], path: [] }, { keys: ['state'], path: ['expect'] }].map((issue) => expect.objectContaining(issue) as unknown)) as object);
  });

  test('fills in every default, and what it gives survives JSON unchanged', () => {
    const spec = parse(httpCheck, { type: 'http', url, expect: { body: '/a/i' } });
    expect(spec).toEqual({ type: 'http', url, method: 'GET', headers: {}, expect: { status: '200-299', body: '/a/i' }, followRedirects: false });
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
  });

  test('never repeats a header\'s text in an error', () => {
    const { error } = httpCheck.schema.safeParse({ type: 'http', url, headers: { a: 'secret\n' } });
    expect(JSON.stringify(error?.issues)).not.toContain('secret');
  });
});
