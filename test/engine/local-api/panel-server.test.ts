// What the panel's door gives to the page behind a one-time address, for how long, and that nothing is left when it closes.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../../../electron/panel-address.ts';
import { snapshot } from './in-memory-api.ts';
import { eventually } from './eventually.ts';
import { FILES, usePanelDoor } from './panel-door.ts';

const MINUTE_MS = 60_000;
const door = usePanelDoor();

describe('the page', () => {
  test.each([
    { path: '/', type: 'text/html; charset=utf-8', text: FILES['index.html'] },
    { path: '/index.html', type: 'text/html; charset=utf-8', text: FILES['index.html'] },
    { path: '/main.js', type: 'text/javascript; charset=utf-8', text: FILES['main.js'] },
    { path: '/main.css', type: 'text/css; charset=utf-8', text: FILES['main.css'] },
    { path: '/icon.png', type: 'image/png', text: FILES['icon.png'] },
    { path: '/main.css?v=2', type: 'text/css; charset=utf-8', text: FILES['main.css'] },
  ])('$path is given without a session', async ({ path, type, text }) => {
    await door.open();
    expect(await door.ask({ method: 'GET', path, headers: { origin: undefined, 'sec-fetch-site': 'none' } })).toMatchObject({ status: 200, text, headers: { 'content-type': type } });
  });

  test('may do in a browser what it may do in the tray window, and talk to its own address', async () => {
    await door.open();
    const { headers } = await door.ask({ method: 'GET', path: '/' });
    const directives = (policy: unknown): string[] => String(policy).split('; ').sort();
    expect(directives(headers['content-security-policy'])).toEqual(directives(`${CONTENT_SECURITY_POLICY}; connect-src 'self'`));
  });

  test.each(['/', '/nothing', '/v1/status'])('every answer forbids framing, sniffing, storing and referring: %s', async (path) => {
    await door.open();
    expect((await door.ask({ method: 'GET', path })).headers).toMatchObject({
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'") as string, 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store',
      'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp',
    });
  });
});

describe('a one-time address', () => {
  test('becomes a session of this browser that no script can read and no other site can use', async () => {
    const answer = await door.exchange(await door.open());
    expect(answer).toMatchObject({ status: 200, text: '{"result":null}' });
    expect(answer.headers['set-cookie']).toEqual([expect.stringMatching(new RegExp(`^${door.cookieName}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`)) as string]);
  });

  test('is another one each time, at the same door', async () => {
    const first = await door.open();
    const { port } = door;
    expect(await door.open()).not.toBe(first);
    expect(door.port).toBe(port);
    expect((await door.exchange(first)).status).toBe(200);
  });

  test('works for 2 minutes', async () => {
    const token = await door.open();
    await door.clock.advance(2 * MINUTE_MS - 1);
    expect((await door.exchange(token)).status).toBe(200);
  });

  test('opened again in the same browser goes on with its session', async () => {
    const token = await door.open();
    const cookie = await door.session(token);
    const again = await door.exchange(token, { cookie });
    expect(again).toMatchObject({ status: 200 });
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  test('a new one, opened in a browser that has a session, is used up too', async () => {
    const cookie = await door.session();
    const token = await door.open();
    expect((await door.exchange(token, { cookie })).status).toBe(200);
    expect((await door.exchange(token)).status).toBe(401);
  });

  test('that two have seen ends the session of the first, with its open stream', async () => {
    const token = await door.open();
    const cookie = await door.session(token);
    const { closed } = await door.stream(cookie);
    expect(await door.exchange(token)).toMatchObject({ status: 401, error: 'This address has been used already, or is older than 2 minutes. Run "upkeep panel" again.' });
    await closed;
    expect((await door.ask({ headers: { cookie } })).status).toBe(401);
  });
});

describe('a session', () => {
  test('reads, acts and hears what happens', async () => {
    const cookie = await door.session();
    expect(JSON.parse((await door.ask({ headers: { cookie } })).text)).toEqual({ result: snapshot() });
    expect(JSON.parse((await door.ask({ path: '/v1/restart', body: '{"service":"api"}', headers: { cookie } })).text)).toEqual({ result: { service: 'api', ...door.api.outcome } });
    const { text, leave } = await door.stream(cookie);
    door.api.tell({ kind: 'event', event: { at: '2026-11-22T14:00:00.000Z', type: 'service.down', service: 'api' } });
    await eventually(() => { expect(text()).toContain('"service.down"'); });
    leave();
  });

  test('is found among other cookies, and among others of its own name', async () => {
    const cookie = await door.session();
    expect((await door.ask({ headers: { cookie: `theme=dark; ${door.cookieName}=foreign; ${cookie}` } })).status).toBe(200);
  });

  test('is one of several: what ends one leaves the others', async () => {
    const [token, mine] = [await door.open(), await door.session()];
    const other = await door.session(token);
    await door.exchange(token);
    expect((await door.ask({ headers: { cookie: other } })).status).toBe(401);
    expect((await door.ask({ headers: { cookie: mine } })).status).toBe(200);
  });

  test('ends after 15 minutes without use, even when another one keeps the door open', async () => {
    const [kept, left] = [await door.session(), await door.session()];
    await door.clock.advance(10 * MINUTE_MS);
    expect((await door.ask({ headers: { cookie: kept } })).status).toBe(200);
    await eventually(() => { expect(door.clock.pending()).toBe(1); });
    await door.clock.advance(5 * MINUTE_MS);
    expect((await door.ask({ headers: { cookie: left } })).status).toBe(401);
    expect((await door.ask({ headers: { cookie: kept } })).status).toBe(200);
  });
});

describe('the door', () => {
  test('is shut until it is asked for', async () => {
    door.server();
    expect(door.told).toEqual([]);
    expect(process.getActiveResourcesInfo()).not.toContain('TCPServerWrap');
  });

  test('closes 15 minutes after the last use, says so, and opens again at another address', async () => {
    const cookie = await door.session();
    await door.clock.advance(14 * MINUTE_MS);
    expect((await door.ask({ headers: { cookie } })).status).toBe(200);
    await eventually(() => { expect(door.clock.pending()).toBe(1); });
    await door.clock.advance(15 * MINUTE_MS - 1);
    expect((await door.ask({ method: 'GET', path: '/' })).status).toBe(200);
    await door.clock.advance(1);
    await expect(door.ask({ headers: { cookie } })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(door.told).toEqual([
      `The panel is open to browsers of this machine at ${door.origin}, until nobody has used it for 15 minutes.`,
      `The panel at ${door.origin} is closed: nobody has used it for 15 minutes.`,
    ]);
    const token = await door.open();
    expect((await door.ask({ headers: { cookie } })).status).toBe(401);
    expect((await door.exchange(token)).status).toBe(200);
  });

  test('stays open as long as a page listens', async () => {
    const cookie = await door.session();
    const { leave } = await door.stream(cookie);
    await door.clock.advance(24 * 60 * MINUTE_MS);
    expect((await door.ask({ headers: { cookie } })).status).toBe(200);
    leave();
    await eventually(() => { expect(door.clock.pending()).toBe(1); });
    await door.clock.advance(15 * MINUTE_MS);
    await expect(door.ask({ headers: { cookie } })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('is not kept open by whoever has no session', async () => {
    await door.open();
    for (let minute = 0; minute < 14; minute += 1) {
      await door.clock.advance(MINUTE_MS);
      await door.ask({ method: 'GET', path: '/' });
      await door.ask({});
      await door.exchange('no-such-token');
    }
    await door.clock.advance(MINUTE_MS);
    await expect(door.ask({})).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('closes with Upkeep: streams end, sessions are gone, and it opens no more', async () => {
    const { text, closed } = await door.stream(await door.session());
    await Promise.all([door.server().close(), door.server().close()]);
    await closed;
    expect(text()).toMatch(/\r\n0\r\n\r\n$/);
    await expect(door.server().open()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(door.ask({})).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('that is being opened while Upkeep ends stays shut', async () => {
    const opening = door.open();
    await door.server().close();
    await opening;
    await expect(door.ask({})).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('opens once for two who ask at the same time', async () => {
    await Promise.all([door.server().open(), door.server().open()]);
    expect(door.told).toHaveLength(1);
  });

  test('of an Upkeep without a panel stays shut and says so', async () => {
    await expect(door.open({ folder: undefined })).rejects.toMatchObject({ code: 'unavailable', message: 'This Upkeep has no panel that it could serve.' });
  });

  test('says which file is missing, and opens once it is there', async () => {
    await rm(join(door.folder, 'main.css'));
    await expect(door.open()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('main.css') as string });
    await writeFile(join(door.folder, 'main.css'), FILES['main.css']);
    await door.open();
  });
});
