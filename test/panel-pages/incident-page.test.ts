// The page of an incident in a browser: it tells the whole story, grows while the incident lasts, and says when there is none.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceSnapshot } from '../../supervisor/contract/snapshot.ts';
import { happened, incident, story } from '../panel/past-builders.ts';
import { ago, ahead, heal, NOW_MS, service, snapshot } from '../panel/snapshot-builders.ts';
import { type PanelBrowser, type PanelPageOptions, startPanelBrowser } from './panel-page.ts';

let browser: PanelBrowser;
beforeAll(async () => { browser = await startPanelBrowser(); });
afterAll(() => browser.end());

const over = { incident: incident('incident-7', { heals: 2 }), events: story() };
const lasting = {
  incident: incident('incident-8', { began: ago(310), detected: ago(306), ended: null, outcome: 'open', heals: 0 }),
  events: [happened(306, 'service.down', { reason: 'Down: tcp 127.0.0.1:5432: connection refused.' })],
};
const down = (differs: Partial<ServiceSnapshot> = {}) => snapshot([service('postgres', {
  name: 'Postgres', status: 'down', reason: 'Held: cooldown.', breaker: { state: 'open', failures: 5, successes: 0, openUntil: ahead(42) }, incident: { id: 'incident-8', since: ago(310) },
  why: { code: 'held', symptom: null, hold: { code: 'cooldown', cooldownMs: 300_000, lastHealAtMs: NOW_MS, nextAtMs: NOW_MS + 120_000 } }, ...differs,
})]);
const up = () => snapshot([service('postgres', { name: 'Postgres' })]);
async function open(options: PanelPageOptions) {
  const panel = await browser.open({ hash: '#/incident/incident-7', ...options });
  await panel.page.waitForSelector('h1');
  return panel;
}

test('one that is over: what it was in one sentence, and every moment with its time', async () => {
  const { page, close } = await open({ snapshot: up(), answers: { incident: over } });
  await expect.poll(() => page.locator('h1').textContent()).toBe('Postgres was down for 3 min 12 s; Upkeep fixed it');
  expect(await page.locator('.moment').count()).toBe(10);
  const restart = page.locator('.moment').nth(3);
  expect(await restart.locator('time').first().getAttribute('title')).toBe('2026-11-22 13:13:24');
  await restart.locator('summary').click();
  expect(await restart.locator('.proof').textContent()).toContain('No space left on device');
  expect(await page.getByRole('button', { name: 'Restart' }).count()).toBe(0);
  await page.getByRole('link', { name: 'Postgres' }).click();
  await expect.poll(() => page.url()).toContain('#/service/postgres');
  await close();
});

test('one that lasts grows with what happens, and says what comes next and when', async () => {
  const panel = await open({ snapshot: down(), hash: '#/incident/incident-8', answers: { incident: lasting } });
  const { page } = panel;
  await expect.poll(() => page.locator('h1').textContent()).toBe('Postgres has been down for 5 min 10 s');
  expect(await page.locator('.service-head .next').textContent()).toBe('Next restart at 14:22:00, in 2 min, if it is still down. Next check at 14:20:42, in 45 s.');
  expect(await page.locator('.moment').last().textContent()).toContain('now');
  const started = happened(1, 'heal.started', { attempt: 'attempt-9', by: 'person' });
  await panel.answer({ incident: { ...lasting, events: [...lasting.events, started] } });
  await panel.tell({ kind: 'event', event: started });
  await page.getByText('Restarting, as a person asked').waitFor();
  await panel.say(down({ status: 'healing', reason: 'Restarting on request.', why: { code: 'healing', symptom: null, step: 'starting', by: 'person' }, heal: heal({ underWay: { kind: 'heal', by: 'person', startedAt: ago(1), steps: [{ step: 'stopping', at: ago(1) }, { step: 'starting', at: ago(0) }] } }) }));
  await expect.poll(() => page.locator('.restart-steps .label').allTextContents()).toEqual(['Stopping', 'Starting', 'Verifying', 'Up']);
  expect(await page.getByRole('button', { name: 'Restart' }).getAttribute('aria-disabled')).toBe('true');
  await panel.answer({ incident: { incident: incident('incident-8', { began: ago(310), detected: ago(306), ended: ago(0) }), events: lasting.events } });
  await panel.tell({ kind: 'event', event: happened(0, 'service.up') });
  await expect.poll(() => page.locator('h1').textContent()).toBe('Postgres was down for 5 min 10 s; Upkeep fixed it');
  await panel.close();
});

test('what happens to other services does not ask again', async () => {
  const panel = await open({ snapshot: down(), hash: '#/incident/incident-8', answers: { incident: lasting } });
  await panel.page.getByText('Detected: down').waitFor();
  await panel.calls();
  await panel.tell({ kind: 'event', event: { at: ago(0), type: 'service.down', service: 'web' } });
  await panel.tell({ kind: 'event', event: happened(0, 'heal.held') });
  await expect.poll(async () => (await panel.calls()).length).toBe(1);
  await panel.close();
});

test('its acts send the id of the service, and it is copied as text', async () => {
  const panel = await open({ snapshot: down(), hash: '#/incident/incident-8', answers: { incident: lasting, restart: { service: 'postgres', ok: true, message: 'Restarted.' }, copyText: null } });
  await panel.page.getByRole('button', { name: 'Restart' }).click();
  await panel.page.getByText('Restarted.', { exact: true }).waitFor();
  await panel.page.getByRole('button', { name: 'Copy as text' }).click();
  await panel.page.getByText('The incident is copied.').waitFor();
  const calls = await panel.calls();
  expect(calls.find(({ name }) => name === 'restart')?.input).toEqual({ service: 'postgres' });
  expect(JSON.stringify(calls.find(({ name }) => name === 'copyText')?.input)).toMatch(/Postgres has been down for 5 min 10 s.*What happened.*Detected: down/);
  await panel.close();
});

describe('when there is nothing to show', () => {
  test('an id that nobody knows', async () => {
    const { page, close } = await open({ snapshot: up(), answers: { incident: null } });
    await page.getByText('There is no incident with this id.').waitFor();
    await page.locator('main').getByRole('link', { name: 'history' }).click();
    await expect.poll(() => page.url()).toContain('#/history');
    await close();
  });
  test('it could not be asked for', async () => {
    const { page, close } = await open({ snapshot: up(), answers: {} });
    await page.getByText('The stage has no answer for incident.').waitFor();
    await close();
  });
});

describe.each(['light', 'dark'] as const)('in %s, axe has nothing to say', (colorScheme) => {
  test.each<[string, PanelPageOptions]>([
    ['over', { snapshot: up(), answers: { incident: over } }], ['lasting', { snapshot: down(), answers: { incident: lasting } }], ['of a service that is gone', { snapshot: snapshot([]), answers: { incident: over } }], ['unknown', { snapshot: up(), answers: { incident: null } }],
  ])('%s', async (_name, options) => {
    const panel = await open({ ...options, colorScheme });
    await panel.page.locator('details').evaluateAll((nodes) => nodes.forEach((node) => node.setAttribute('open', '')));
    expect(await panel.violations()).toEqual([]);
    await panel.close();
  });
});

test.each([380, 900, 1_400])('nothing is wider than a window of %i', async (width) => {
  const { page, close } = await open({ snapshot: up(), answers: { incident: over }, width });
  await page.waitForSelector('.moments');
  await page.locator('details').evaluateAll((nodes) => nodes.forEach((node) => node.setAttribute('open', '')));
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await close();
});
