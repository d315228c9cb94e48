// The panel of a running `upkeep watch` in a real browser: what a person sees and does there, and what the pages of others cannot.
import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterEach, describe, expect, test } from 'vitest';
import { waitFor } from '../bed/wait-for.ts';
import { useBrowser } from './browser.ts';
import { freePort, served, servingPid, startsOf, useUpkeepBed, type Watching } from './upkeep-bed.ts';

const PANEL = join(import.meta.dirname, '../../dist/panel');
const PATIENCE = { timeout: 30_000 };
const bed = useUpkeepBed();
const newProfile = useBrowser();

/** An Upkeep that looks after one service, named Website. */
async function supervise(): Promise<{ readonly upkeep: Watching; readonly port: number }> {
  const port = await freePort();
  await bed.configure({ version: 1, services: { web: served(port, { name: 'Website' }) } });
  const upkeep = await bed.watch();
  await bed.until('web', 'up');
  return { upkeep, port };
}
async function newAddress(): Promise<string> {
  const { code, out, err } = await bed.run('panel', '--print');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}\n$/);
  return out.trim();
}
const restartButton = (page: Page) => page.getByRole('button', { name: /^Restart Website/ });
const seesService = (page: Page) => restartButton(page).waitFor(PATIENCE);
const says = (page: Page, text: RegExp) => page.getByText(text).first().waitFor(PATIENCE);

describe('a person in a browser', () => {
  test('sees the services at the printed address, which then holds no token, and still after a reload', async () => {
    await supervise();
    const address = await newAddress();
    const { open, context } = await newProfile();
    const complaints: string[] = [];
    context.on('console', (message) => { if (/content security policy/i.test(message.text())) complaints.push(message.text()); });
    const page = await open(address);
    await seesService(page);
    const { origin } = new URL(address);
    expect(page.url()).toBe(`${origin}/#/`);
    const readable = () => page.evaluate(() => [document.cookie, Object.keys(localStorage), Object.keys(sessionStorage)]);
    expect(await readable()).toEqual(['', [], []]);
    await page.reload();
    await seesService(page);
    // What a person chose on the overview is all that is kept, from the moment the page is left.
    expect(await readable()).toEqual(['', [], ['overview']]);
    expect(page.url()).toBe(`${origin}/#/`);
    expect(complaints).toEqual([]);
  });

  test('restarts a service', async () => {
    const { port } = await supervise();
    const page = await (await newProfile()).open(await newAddress());
    const before = await servingPid(port);
    await restartButton(page).click(PATIENCE);
    await waitFor('another process to serve', async () => (await servingPid(port)) !== before);
    await says(page, /restarted/i);
    expect(startsOf(bed.home)).toHaveLength(2);
  });

  test('has the panel in a second tab, also with the address that was used', async () => {
    await supervise();
    const address = await newAddress();
    const { open } = await newProfile();
    await seesService(await open(address));
    const again = await open(address);
    await seesService(again);
    expect(again.url()).not.toContain('token');
    await seesService(await open(new URL(address).origin));
  });

  test('learns at a used address, and without one, how to get one, and sees nothing', async () => {
    await supervise();
    const address = await newAddress();
    const first = await (await newProfile()).open(address);
    await seesService(first);

    const stranger = await newProfile();
    const second = await stranger.open(address);
    await says(second, /has been used already.*Run "upkeep panel" again/);
    expect(second.url()).not.toContain('token');
    expect(await second.getByText('Website').count()).toBe(0);
    // Two have seen the address: the first one's session has ended, too.
    await says(first, /session is over\. Run "upkeep panel" again/);
    expect(await restartButton(first).isEnabled()).toBe(false);

    const third = await stranger.open(new URL(address).origin);
    await says(third, /Run "upkeep panel" to get one/);
    expect(await third.getByText('Website').count()).toBe(0);

    // A new address, pasted into the same page.
    await first.goto(await newAddress());
    await seesService(first);
    expect(first.url()).not.toContain('token');
    await waitFor('the button to work again', () => restartButton(first).isEnabled());
  });

  test('is told when Upkeep has ended', async () => {
    const { upkeep } = await supervise();
    const page = await (await newProfile()).open(await newAddress());
    await seesService(page);
    upkeep.child.kill('SIGTERM');
    expect((await upkeep.ended).code).toBe(0);
    await says(page, /Upkeep does not answer/);
  });

  test.each([
    { title: 'before its token was exchanged', lost: /\/(session|v1\/.*)$/ },
    { title: 'once it had its session', lost: /\/v1\/.*$/ },
  ])('whose page lost Upkeep $title has the panel by itself when it answers again', async ({ lost }) => {
    await supervise();
    const { open, context } = await newProfile();
    await context.route(lost, (route) => route.abort());
    const page = await open(await newAddress());
    await says(page, /Upkeep does not answer/);
    expect(page.url()).not.toContain('token');
    await context.unroute(lost);
    await seesService(page);
    await waitFor('the button to work', () => restartButton(page).isEnabled());
  });

  test('is given every file the panel has', async () => {
    await supervise();
    const { origin } = new URL(await newAddress());
    for (const name of (await readdir(PANEL)).filter((file) => !file.endsWith('.map'))) {
      const answer = await fetch(`${origin}/${name}`);
      expect({ name, status: answer.status }).toEqual({ name, status: 200 });
      expect(answer.headers.get('content-type')).not.toBe('application/json');
    }
  });
});

describe('a page of another origin, in the browser that has the session', () => {
  let foreign: Server | undefined;
  afterEach(async () => {
    foreign?.closeAllConnections();
    await new Promise((resolve) => { if (foreign === undefined) resolve(null); else foreign.close(resolve); });
    foreign = undefined;
  });
  /** Another port of the same number: a browser sends the panel's cookies there and from there. */
  async function serveForeignPage(): Promise<{ readonly address: string; readonly cookies: () => readonly string[] }> {
    const cookies: string[] = [];
    foreign = createServer((request, response) => {
      cookies.push(request.headers.cookie ?? '');
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>foreign</title>');
    });
    const server = foreign;
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, cookies: () => cookies };
  }

  test('can neither call nor read', async () => {
    const { upkeep, port } = await supervise();
    const address = await newAddress();
    const { open } = await newProfile();
    await seesService(await open(address));
    const { address: foreignAddress, cookies } = await serveForeignPage();
    const page = await open(foreignAddress);
    // The cookie alone is no guard: this page's requests carry it.
    expect(cookies()).toContainEqual(expect.stringContaining('upkeep_session_'));
    const answers: { url: string; status: number }[] = [];
    page.on('response', (response) => answers.push({ url: response.url(), status: response.status() }));
    const before = await servingPid(port);

    const { origin } = new URL(address);
    const got = await page.evaluate(attack, origin);
    expect(got).toEqual({ json: 'refused', form: 'refused', image: 'refused', status: 'refused', events: 'refused', frame: 'nothing to see', opened: 'nothing to see' });

    await Promise.all([page.waitForURL(`${origin}/v1/restart`), page.evaluate(submitForm, origin)]);
    await says(page, /does not answer pages of another origin/);

    const asked = answers.filter(({ url }) => url.startsWith(`${origin}/v1/`));
    expect(asked).not.toEqual([]);
    expect(asked.filter(({ status }) => status !== 403)).toEqual([]);
    expect(await servingPid(port)).toBe(before);
    expect(upkeep.events().filter(({ type }) => type.startsWith('heal.') || type === 'service.paused')).toEqual([]);
  });
});

/** Runs in the foreign page: every way a page has to reach another origin. */
async function attack(origin: string): Promise<Record<string, string>> {
  const body = JSON.stringify({ service: 'web' });
  const outcome = (run: Promise<Response>): Promise<string> => run.then((response) => (response.type === 'opaque' ? 'opaque' : `read ${response.status}`), () => 'refused');
  const json = await outcome(fetch(`${origin}/v1/restart`, { method: 'POST', headers: { 'content-type': 'application/json' }, credentials: 'include', body }));
  const form = await outcome(fetch(`${origin}/v1/restart`, { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, credentials: 'include', body }));
  const status = await outcome(fetch(`${origin}/v1/status`, { method: 'POST', credentials: 'include', body: '{}' }));
  const image = await new Promise<string>((resolve) => {
    const picture = new Image();
    picture.onload = () => { resolve('loaded'); };
    picture.onerror = () => { resolve('refused'); };
    picture.src = `${origin}/v1/events`;
  });
  const events = await new Promise<string>((resolve) => {
    const source = new EventSource(`${origin}/v1/events`, { withCredentials: true });
    source.onmessage = () => { resolve('heard'); };
    source.onerror = () => { source.close(); resolve('refused'); };
  });
  const look = (view: Window | null): string => {
    try {
      return view?.document.querySelector('#panel') == null ? 'nothing to see' : 'saw the panel';
    } catch {
      return 'nothing to see';
    }
  };
  const frame = await new Promise<string>((resolve) => {
    const embedded = document.createElement('iframe');
    embedded.onload = () => { resolve(look(embedded.contentWindow)); };
    embedded.src = `${origin}/`;
    document.body.append(embedded);
  });
  const opened = look(window.open(`${origin}/`));
  return { json, form, image, status, events, frame, opened };
}

/** Runs in the foreign page: a form needs nobody's leave to be sent to another origin. */
function submitForm(origin: string): void {
  const form = document.createElement('form');
  Object.assign(form, { method: 'post', action: `${origin}/v1/restart`, enctype: 'text/plain' });
  const field = document.createElement('input');
  Object.assign(field, { name: '{"service":"web","x":"', value: '"}' });
  form.append(field);
  document.body.append(form);
  form.submit();
}
