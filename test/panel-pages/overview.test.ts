// The overview as a person uses it: by keyboard, by search, with one service and with five hundred.
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceSnapshot, Snapshot } from '../../supervisor/contract/snapshot.ts';
import { manyOverview, manySnapshot, variedOverview } from '../panel/overview-builders.ts';
import { ago, heal, service, snapshot, variedSnapshot } from '../panel/snapshot-builders.ts';
import { type PanelBrowser, type PanelPage, type PanelPageOptions, startPanelBrowser } from './panel-page.ts';

let browser: PanelBrowser;
let panel: PanelPage;
let page: Page;
beforeAll(async () => { browser = await startPanelBrowser(); });
afterAll(() => browser.end());

const open = async (given: Snapshot | null, options: PanelPageOptions = {}) => {
  panel = await browser.open({ snapshot: given, answers: { overview: variedOverview() }, ...options });
  ({ page } = panel);
  await page.waitForSelector('h1');
};
const names = () => page.locator('.service .name').allTextContents();
const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');

describe('with one of each state', () => {
  test('the sentence, the states and their words are there', async () => {
    await open(variedSnapshot());
    expect(await page.locator('h1').textContent()).toBe('Postgres is down; restarted 3 of 3 times this hour, next try 14:32');
    expect(await page.locator('.service .word').allTextContents()).toEqual(['up', 'down', 'restarting', 'degraded', 'unknown', 'paused', 'stopped']);
    await expect.poll(() => page.getByRole('img', { name: 'Website: 99.86 % up in 24 hours, down once' }).count()).toBe(1);
    await panel.close();
  });

  test('a day that is not known yet says nothing when it is pointed at', async () => {
    await open(variedSnapshot(), { answers: {} });
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.locator('.day-bar').first().hover();
    await page.locator('.service .name').first().hover();
    expect([await page.locator('.tip').count(), errors]).toEqual([0, []]);
    await panel.close();
  });

  test('"/" goes to the search, Escape empties it and then leaves it, and the arrow goes to what was found', async () => {
    await open(variedSnapshot());
    await page.keyboard.press('/');
    await page.keyboard.type('shop slow');
    expect(await names()).toEqual(['Search']);
    await page.getByText('1 of 7 services').waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('Search');
    await page.keyboard.press('/');
    await page.keyboard.press('Escape');
    expect(await names()).toHaveLength(7);
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
    await panel.close();
  });

  test('chips show one state, the order can be chosen, and both are remembered across a reload', async () => {
    await open(variedSnapshot());
    await page.getByLabel('Order').selectOption({ label: 'Worst first' });
    expect((await names())[0]).toBe('Postgres');
    await page.getByRole('button', { name: 'Paused 1' }).click();
    expect(await names()).toEqual(['Docs preview']);
    await page.reload();
    await page.waitForSelector('.service');
    expect(await names()).toEqual(['Docs preview']);
    await page.getByRole('button', { name: 'Paused 1' }).click();
    expect((await names())[0]).toBe('Postgres');
    await panel.close();
  });

  test('when nothing matches, one click shows all again', async () => {
    await open(variedSnapshot());
    await page.keyboard.press('/');
    await page.keyboard.type('quux');
    await page.getByText('No service matches "quux".').waitFor();
    await page.getByRole('button', { name: 'Show all services' }).click();
    expect(await names()).toHaveLength(7);
    await panel.close();
  });

  test('everything a row offers is reached with Tab, in order', async () => {
    await open(snapshot([service('web', { name: 'Website' })]));
    await page.getByRole('img', { name: 'Website: 99.86 % up in 24 hours, down once' }).waitFor();
    await page.locator('.service .name').focus();
    const reached: string[] = [];
    for (let step = 0; step < 4; step += 1) {
      reached.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''));
      await page.keyboard.press('Tab');
    }
    expect(reached).toEqual(['Website', 'Website: 99.86 % up in 24 hours, down once', 'Restart Website', 'More for Website']);
    await panel.close();
  });

  test('pointer and arrow keys say a part of the day in words', async () => {
    await open(variedSnapshot());
    const day = page.getByRole('img', { name: /^Postgres: / });
    await page.getByRole('img', { name: 'Postgres: 92.1 % up in 24 hours, down twice' }).waitFor();
    const box = await day.boundingBox();
    if (box === null) throw new Error('the bar is not drawn');
    await page.mouse.move(box.x + box.width - 2, box.y + 10);
    await page.getByText('13:51 to now: down').waitFor();
    await page.mouse.move(5, 5);
    await page.locator('[data-service=postgres] .name').focus();
    await page.keyboard.press('Tab');
    if (!(await day.evaluate((node) => node === document.activeElement))) await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowLeft');
    await page.getByText('13:21 to 13:51: up 90 %, down 10 %').waitFor();
    await panel.close();
  });

  test('the title leads to the page of the service, and back to where one was', async () => {
    await open(variedSnapshot());
    await page.getByRole('link', { name: 'Redis' }).click();
    expect(await page.evaluate(() => location.hash)).toBe('#/service/cache');
    await page.goBack();
    await page.locator('.service').first().waitFor();
    await panel.close();
  });
});

describe('a restart', () => {
  const withHeal = (differs: Partial<ServiceSnapshot>) => snapshot([service('a', { name: 'Postgres', ...differs }), service('b')]);
  const underWay = (...steps: ('stopping' | 'starting' | 'verifying')[]) => withHeal({
    status: 'healing', heal: heal({ underWay: { kind: 'heal', by: 'person', startedAt: ago(3), steps: steps.map((step, index) => ({ step, at: ago(3 - index) })) } }),
  });

  test('shows its course in the row, and nothing moves', async () => {
    await open(withHeal({}));
    const places = () => page.locator('.service, .service button, .day-bar').evaluateAll((nodes) => nodes.map((node) => JSON.stringify(node.getBoundingClientRect())));
    const course = () => page.getByRole('list', { name: 'Restart of Postgres' }).getByRole('listitem').allTextContents();
    const before = await places();
    await panel.say(underWay('stopping'));
    await expect.poll(course).toEqual(['stopping', 'starting', 'verifying']);
    await panel.say(underWay('stopping', 'starting', 'verifying'));
    await expect.poll(course).toEqual(['stopped 1.0 s', 'started 1.0 s', 'verifying']);
    expect(await places()).toEqual(before);
    await panel.say(withHeal({ heal: heal({ last: { at: ago(0), by: 'person', result: { kind: 'fixed', tookMs: 1_400 } } }) }));
    await page.getByText('Restarted, up in 1.4 s.').waitFor();
    expect(await places()).toEqual(before);
    await panel.close();
  });

  test('that fails says why, until it is dismissed', async () => {
    const refused = withHeal({ status: 'down', reason: 'Down: tcp 127.0.0.1:5432: connection refused.', heal: heal({ last: { at: ago(60), by: 'person', result: { kind: 'refused', refusal: { code: 'needs-privilege', message: 'systemctl needs a password' } } } }) });
    await open(refused);
    await page.getByText('Could not restart at 14:19: systemctl needs a password.').waitFor();
    await page.getByRole('button', { name: 'Dismiss: the restart of Postgres failed' }).click();
    await page.locator('.service').getByText('Down: tcp 127.0.0.1:5432: connection refused.').waitFor();
    await panel.close();
  });

  test('is told to a screen reader once when it begins and once when it has worked', async () => {
    await open(withHeal({}));
    const told = () => page.getByRole('log', { name: 'Changes' }).textContent();
    await panel.say(withHeal({ status: 'down' }));
    await expect.poll(told).toBe('Postgres is down.');
    await panel.say(withHeal({}));
    await expect.poll(told).toBe('Postgres is up again.');
    await panel.setLink({ kind: 'lost', message: 'Gone.' });
    await expect.poll(told).toBe('Upkeep no longer answers.');
    await panel.close();
  });
});

describe('with five hundred services', () => {
  const options: PanelPageOptions = { answers: { overview: manyOverview(500) }, width: 900, height: 700 };

  test('only what is near the window is drawn, and a screen reader knows how many there are', async () => {
    await open(manySnapshot(500), options);
    expect(await page.locator('.service').count()).toBeLessThan(60);
    await page.getByLabel('Order').selectOption({ label: 'By name' });
    expect(await page.locator('.service').first().evaluate((node) => [node.ariaSetSize, node.ariaPosInSet])).toEqual(['500', '1']);
    await page.mouse.wheel(0, 1_000_000);
    await page.locator('.service[aria-posinset="500"]').waitFor();
    expect(await page.locator('.service').count()).toBeLessThan(60);
    await panel.close();
  });

  test('the last day is asked for of the services in the window, and of others when they come into it', async () => {
    await open(manySnapshot(500), options);
    const asked = () => page.evaluate(() => globalThis.panelStage.calls.filter(({ name }) => name === 'overview').flatMap(({ input }) => (input as { services: string[] }).services));
    await expect.poll(async () => (await asked()).includes('api-0')).toBe(true);
    expect((await asked()).length).toBeLessThan(60);
    await page.mouse.move(400, 400);
    await page.mouse.wheel(0, 20_000);
    await expect.poll(async () => (await asked()).includes('api-300')).toBe(true);
    expect((await asked()).length).toBeLessThan(120);
    await panel.close();
  });

  test('the row with the focus stays, wherever the page is scrolled to, and keys go on from there', async () => {
    await open(manySnapshot(500), options);
    await page.getByRole('link', { name: 'web 1', exact: true }).focus();
    await page.mouse.move(400, 400);
    await page.mouse.wheel(0, 20_000);
    await page.locator('[data-service=api-300]').waitFor();
    expect(await focused()).toBe('web 1');
    await page.keyboard.press('ArrowDown');
    await page.locator('[data-service=worker-2]').waitFor();
    expect(await focused()).toBe('web 1');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('worker 2');
    await panel.close();
  });

  test('keys walk through the list beyond what was drawn at first', async () => {
    await open(manySnapshot(500), options);
    await page.getByRole('link', { name: 'api 0', exact: true }).focus();
    for (let row = 0; row < 40; row += 1) await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('api 40');
    await panel.close();
  });

  test('who searches far down sees what was found from its beginning', async () => {
    await open(manySnapshot(500), options);
    await page.mouse.move(400, 400);
    await page.mouse.wheel(0, 20_000);
    await page.locator('[data-service=api-300]').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('worker');
    await page.locator('[data-service=worker-2]').waitFor();
    expect(await page.locator('[data-service=worker-2]').evaluate((node) => node.getBoundingClientRect().top)).toBeGreaterThan(0);
    await panel.close();
  });
});

describe('without services', () => {
  test('the first steps name the file and open it', async () => {
    await open(snapshot([]), { answers: { openConfiguration: null, copyText: null } });
    await page.getByText('/home/ada/services.json').first().waitFor();
    await page.getByRole('button', { name: 'Open services.json' }).click();
    await expect.poll(() => panel.calls()).toEqual([{ name: 'openConfiguration', input: {} }]);
    await panel.close();
  });
});
