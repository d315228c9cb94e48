// The page of a service in a browser: its charts draw, its buttons send ids, the keyboard reaches everything, nothing jumps.
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceSnapshot } from '../../supervisor/contract/snapshot.ts';
import { calmStatistics, healed, incident, series, statistics } from '../panel/past-builders.ts';
import { ago, ahead, alert, check, delivery, heal, NOW_MS, service, snapshot } from '../panel/snapshot-builders.ts';
import { type Answers, type PanelBrowser, type PanelPage, type PanelPageOptions, startPanelBrowser } from './panel-page.ts';

let browser: PanelBrowser;
beforeAll(async () => { browser = await startPanelBrowser(); });
afterAll(() => browser.end());

const DOWN: Partial<ServiceSnapshot> = {
  name: 'Postgres', url: 'http://127.0.0.1:5050/', status: 'down', since: ago(310), reason: 'Held: 3 of 3 restarts used in the last hour; next possible at 14:32.',
  why: { code: 'held', symptom: { kind: 'check', check: 'tcp', target: '127.0.0.1:5432', evidence: 'connection refused' }, hold: { code: 'budget-spent', used: 3, limit: 3, nextAtMs: NOW_MS + 720_000 } },
  breaker: { state: 'open', failures: 9, successes: 0, openUntil: ahead(42) }, incident: { id: 'incident-8', since: ago(310) },
  heal: heal({ lastAt: ago(290), inLastHour: 3, nextAllowedAt: ahead(720), resetsAt: ahead(720), last: { at: ago(290), by: 'upkeep', result: { kind: 'not-fixed', tookMs: 30_000, evidence: 'connection refused' } } }),
  checks: [check({ ok: false, latencyMs: null, error: 'connection refused' })],
};
const HEALING: Partial<ServiceSnapshot> = {
  ...DOWN, status: 'healing', since: ago(3), reason: 'Restarting because tcp 127.0.0.1:5432: connection refused: checking whether it serves.',
  why: { code: 'healing', symptom: null, step: 'verifying', by: 'upkeep' },
  heal: heal({ inLastHour: 1, resetsAt: ahead(3_000), underWay: { kind: 'heal', by: 'upkeep', startedAt: ago(3), steps: [{ step: 'stopping', at: ago(3) }, { step: 'starting', at: ago(2.5) }, { step: 'verifying', at: ago(2) }] } }),
};
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `LOG: line ${from + index} of what Postgres wrote`);
const ANSWERS: Answers = {
  series: series('postgres', 'minute', 86_400, { down: [[310, 0], [4_000, 3_808]], unknown: [[30_000, 25_000]] }),
  statistics: statistics(),
  incidents: [incident('incident-8', { began: ago(310), detected: ago(306), ended: null, outcome: 'open' }), incident('incident-7')],
  history: [healed('postgres', 3_808)],
  log: { source: 'journald', lines: lines(0, 100) },
};

const postgres = (differs: Partial<ServiceSnapshot> = DOWN) => snapshot([service('postgres', differs)], { alerts: [alert('postgres', { deliveries: [delivery('desktop')] })] });
async function open(options: PanelPageOptions = {}): Promise<PanelPage> {
  const panel = await browser.open({ snapshot: postgres(), hash: '#/service/postgres', ...options, answers: { ...ANSWERS, ...options.answers } });
  await panel.page.waitForSelector('h1');
  return panel;
}
async function openWithCharts(options: PanelPageOptions = {}): Promise<PanelPage> {
  const panel = await open(options);
  await panel.page.waitForSelector('.availability-plot canvas');
  return panel;
}
/** How many pixels of the chart have this colour, or nearly: lines are smoothed. */
const pixelsOf = (page: Page, chart: string, colour: string) => page.evaluate(([selector, token]) => {
  const canvas = document.querySelector<HTMLCanvasElement>(`${selector} canvas`);
  const context = canvas?.getContext('2d');
  const wanted = getComputedStyle(document.documentElement).getPropertyValue(token).trim();
  if (canvas === null || context == null || !/^#[0-9a-f]{6}$/.test(wanted)) return -1;
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(wanted.slice(at, at + 2), 16));
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let found = 0;
  for (let at = 0; at < data.length; at += 4) if ([red, green, blue].every((part = 0, index) => Math.abs((data[at + index] ?? 0) - part) < 24) && (data[at + 3] ?? 0) > 200) found += 1;
  return found;
}, [chart, colour] as const);
const drawn = (page: Page, chart: string, colour: string) => expect.poll(() => pixelsOf(page, chart, colour)).toBeGreaterThan(40);

describe('at a glance', () => {
  test('state, reason, what is next and when, and what one can do', async () => {
    const { page, close } = await open();
    expect(await page.locator('h1').textContent()).toBe('Postgres');
    expect(await page.locator('.service-head .state').textContent()).toBe('Down since 14:14:50 · 5 min ago');
    expect(await page.locator('.service-head .next').textContent()).toBe('Next restart at 14:32:00, in 12 min, if it is still down. Next check at 14:20:42, in 45 s.');
    expect(await page.getByRole('group', { name: 'Actions for Postgres' }).getByRole('button').allTextContents()).toEqual(['Restart', 'Check now', 'Pause', 'Open', 'Stop', 'Copy as text']);
    expect(await page.getByRole('link', { name: 'Follow this incident' }).getAttribute('href')).toBe('#/incident/incident-8');
    expect(await page.getByRole('region', { name: 'Restarts and breaker' }).textContent()).toContain('0 of 3 restarts left, resets 14:32');
    await close();
  });

  test('the course of a restart, then how it ended, without moving anything', async () => {
    const panel = await openWithCharts({ snapshot: postgres(HEALING) });
    const { page } = panel;
    const placesOf = () => page.locator('.named-facts, .charts').evaluateAll((nodes) => nodes.map((node) => node.getBoundingClientRect().top));
    expect(await page.locator('.restart-steps .label').allTextContents()).toEqual(['Stopping', 'Starting', 'Verifying', 'Up']);
    expect(await page.locator('.restart-steps [aria-current=step]').textContent()).toContain('Verifying');
    const before = await placesOf();
    await panel.say(postgres({ ...HEALING, status: 'up', reason: 'Restarted; up again after 1.4 s.', heal: heal({ inLastHour: 1, resetsAt: ahead(3_000), last: { at: ago(0), by: 'upkeep', result: { kind: 'fixed', tookMs: 1_420 } } }) }));
    await page.getByText('Up again after 1.4 s.', { exact: false }).first().waitFor();
    expect(await placesOf()).toEqual(before);
    await panel.close();
  });

  test('nothing moves while latencies change four times a second, and the charts are not made anew', async () => {
    const panel = await openWithCharts({ snapshot: postgres({ name: 'Postgres' }) });
    const { page } = panel;
    await page.evaluate(() => document.querySelector('.plots canvas')?.setAttribute('data-same', 'yes'));
    const placesOf = () => page.locator('button:visible, summary:visible, .plots, .check-list span').evaluateAll((nodes) => nodes.map((node) => JSON.stringify(node.getBoundingClientRect())));
    const before = await placesOf();
    for (const [latencyMs, text] of [[12, '12 ms'], [999, '999 ms'], [1_300, '1.3 s']] as const) {
      await panel.say(postgres({ name: 'Postgres', checks: [check({ latencyMs })] }));
      await expect.poll(() => page.locator('.check-list .latency').textContent()).toBe(text);
      expect(await placesOf()).toEqual(before);
    }
    expect(await page.locator('.plots canvas[data-same]').count()).toBe(1);
    await panel.close();
  });
});

describe('charts', () => {
  test('draw up, down, unknown and latencies under the strict content policy', async () => {
    const { page, close } = await openWithCharts();
    await drawn(page, '.availability-plot', '--bar-up');
    await drawn(page, '.availability-plot', '--bar-down');
    await drawn(page, '.latency-plot', '--healing');
    await close();
  });

  test('report no violation of the content policy', async () => {
    const panel = await browser.open({ snapshot: postgres(), answers: ANSWERS });
    await panel.page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(globalThis, { seenViolations: seen });
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => seen.push(effectiveDirective));
      location.hash = '#/service/postgres';
    });
    await panel.page.waitForSelector('.availability-plot canvas');
    await panel.page.locator('.plots').hover();
    expect(await panel.page.evaluate<unknown>(() => Reflect.get(globalThis, 'seenViolations'))).toEqual([]);
    await panel.close();
  });

  test('are drawn anew when the theme changes', async () => {
    const { page, close } = await openWithCharts({ colorScheme: 'light' });
    await drawn(page, '.availability-plot', '--bar-up');
    await page.emulateMedia({ colorScheme: 'dark' });
    await drawn(page, '.availability-plot', '--bar-up');
    await page.evaluate(() => { document.documentElement.dataset['theme'] = 'light'; });
    await drawn(page, '.availability-plot', '--bar-up');
    await close();
  });

  test('follow the width of the window', async () => {
    const { page, close } = await openWithCharts({ width: 1_200 });
    const width = () => page.locator('.availability-plot').evaluate((node) => node.getBoundingClientRect().width);
    const wide = await width();
    await page.setViewportSize({ width: 500, height: 700 });
    await expect.poll(width).toBeLessThan(wide - 400);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await close();
  });

  test('say in text what the pointer is at, and the whole when it leaves', async () => {
    const { page, close } = await openWithCharts();
    const reading = page.locator('.reading');
    await expect.poll(() => reading.textContent()).toContain('The last 24 hours');
    const box = await page.locator('.latency-plot .u-over').boundingBox();
    if (box === null) throw new Error('the chart has no place');
    await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
    await expect.poll(() => reading.textContent()).toMatch(/\d\d:\d\d100 % upp50 \d+ msp95 \d+ ms/);
    await page.mouse.move(box.x + box.width * 0.4, box.y - 200);
    await expect.poll(() => reading.textContent()).toContain('The last 24 hours');
    await close();
  });

  test('are walked through with the arrow keys', async () => {
    const { page, close } = await openWithCharts();
    const plots = page.getByRole('slider', { name: /Charts of Postgres/ });
    await plots.focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => plots.getAttribute('aria-valuetext')).toMatch(/^14:00–14:30: .*down/);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => plots.getAttribute('aria-valuetext')).toMatch(/^13:30–14:00: 100 % up, p50/);
    expect(await page.locator('.reading').textContent()).toContain('13:30–14:00');
    await page.keyboard.press('Home');
    await expect.poll(() => plots.getAttribute('aria-valuenow')).toBe('0');
    await close();
  });

  test('marks tell their incident when focused, and lead to it', async () => {
    const { page, close } = await openWithCharts({ answers: { incident: null } });
    const mark = page.getByRole('link', { name: /lasted 3 min 12 s, 1 restart, healed/ });
    await mark.focus();
    await expect.poll(() => page.locator('.reading').textContent()).toContain('lasted 3 min 12 s');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('#/incident/incident-7');
    await close();
  });

  test('another span asks for it, and what is shown stays in its place meanwhile', async () => {
    const panel = await openWithCharts();
    await panel.calls();
    await panel.answer({ series: series('postgres', 'day', 90 * 86_400) });
    await panel.page.getByRole('button', { name: '90 d' }).click();
    await expect.poll(() => panel.page.locator('.reading').textContent()).toContain('The last 90 days');
    const asked = (await panel.calls()).filter(({ name }) => name === 'series');
    expect(asked).toEqual([{ name: 'series', input: { service: 'postgres', from: new Date(Math.ceil((NOW_MS - 90 * 86_400_000) / 86_400_000) * 86_400_000).toISOString() } }]);
    await panel.close();
  });

  test('are there as a table, too', async () => {
    const { page, close } = await openWithCharts();
    await page.getByText('The same as a table').click();
    const row = page.getByRole('row', { name: /14:00–14:30/ });
    expect(await row.getByRole('cell').allTextContents()).toEqual(['75 %', '5 min', '–', expect.stringMatching(/ ms$/) as unknown, expect.stringMatching(/ ms$/) as unknown, expect.stringMatching(/failed$/) as unknown]);
    await close();
  });
});

describe('acts', () => {
  const said = (message: string) => ({ service: 'postgres', ok: true, message });
  test.each([
    ['Restart', 'restart', said('Restarted.'), { service: 'postgres' }], ['Stop', 'stop', said('Stopped.'), { service: 'postgres' }],
    ['Check now', 'checkNow', [said('Checked.')], { services: ['postgres'] }], ['Open Postgres in the browser', 'openUrl', null, { service: 'postgres' }],
  ] as const)('%s sends the id and nothing else', async (label, command, value, input) => {
    const panel = await open({ answers: { [command]: value } });
    await panel.calls();
    await panel.page.getByRole('button', { name: label, exact: true }).click();
    await expect.poll(async () => (await panel.calls()).filter(({ name }) => name === command)).toEqual([{ name: command, input }]);
    await panel.close();
  });

  test.each([
    ['For 15 minutes', { service: 'postgres', until: new Date(NOW_MS + 900_000).toISOString() }], ['For 1 hour', { service: 'postgres', until: new Date(NOW_MS + 3_600_000).toISOString() }],
    ['Until tomorrow, 8:00', { service: 'postgres', until: new Date(2026, 10, 23, 8).toISOString() }], ['Until I resume', { service: 'postgres' }],
  ] as const)('a pause: %s', async (label, input) => {
    const panel = await open({ answers: { pause: [said('Paused.')] } });
    await panel.page.getByRole('button', { name: 'Pause Postgres' }).click();
    await panel.calls();
    await panel.page.getByRole('menuitem', { name: label }).click();
    await expect.poll(async () => (await panel.calls()).filter(({ name }) => name === 'pause')).toEqual([{ name: 'pause', input }]);
    await panel.close();
  });

  test('a paused service is resumed, a stopped one started, a watched one only checked', async () => {
    const panel = await open({ snapshot: postgres({ name: 'Postgres', status: 'paused', paused: true, why: { code: 'paused', untilMs: null } }), answers: { resume: [said('Resumed.')], start: said('Started.') } });
    const buttons = () => panel.page.getByRole('group', { name: 'Actions for Postgres' }).getByRole('button').allTextContents();
    await panel.page.getByRole('button', { name: 'Resume' }).click();
    await panel.page.getByText('Resumed.').waitFor();
    await panel.say(postgres({ name: 'Postgres', status: 'stopped', why: { code: 'stopped-by-person' } }));
    await panel.page.getByRole('button', { name: 'Start', exact: true }).click();
    await panel.page.getByText('Started.').waitFor();
    await panel.say(postgres({ name: 'Postgres', manager: null }));
    await expect.poll(buttons).toEqual(['Check now', 'Pause', 'Copy as text']);
    await panel.close();
  });

  test('the whole state is copied as text', async () => {
    const panel = await openWithCharts({ answers: { copyText: null } });
    await panel.page.getByText('Restarted by Upkeep: up again after 1.4 s').waitFor();
    await panel.calls();
    await panel.page.getByRole('button', { name: 'Copy as text' }).click();
    await panel.page.getByRole('status').getByText('The state of Postgres is copied.').waitFor();
    const copied = (await panel.calls()).find(({ name }) => name === 'copyText');
    expect(JSON.stringify(copied?.input)).toMatch(/Postgres \(postgres\): Down since 2026-11-22 14:14:50.*Statistics.*Incidents.*Restarts/);
    await panel.close();
  });

  test('the keyboard reaches everything, in the order it is read', async () => {
    const { page, close } = await openWithCharts();
    await page.getByText('Restarted by Upkeep: up again after 1.4 s').waitFor();
    await page.locator('.service-head .back').focus();
    const reached: string[] = [];
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => { const node = document.activeElement; return node?.closest('.service-page') == null ? null : (node.getAttribute('role') ?? node.tagName).toLowerCase() + ' ' + (node.getAttribute('aria-label') ?? node.textContent ?? '').slice(0, 24); });
      if (name === null) break;
      reached.push(name);
    }
    expect(reached).toEqual([
      'a Follow this incident', 'a Critical alert: desktop ', 'button Restart', 'button Check now', 'button Pause Postgres', 'button Open Postgres in the bro', 'button Stop', 'button Copy as text',
      'button 24 h', 'button 7 d', 'button 90 d', expect.stringMatching(/^a 13:13: down/), expect.stringMatching(/^a 14:14: down/), 'slider Charts of Postgres over ', 'summary The same as a table',
      'a Heals, with proof: all i', expect.stringMatching(/^summary Restarted by Upkeep/), 'a Incidents: all in the hi', expect.stringMatching(/^a down for 5 min/), expect.stringMatching(/^a was down for 3 min/),
      'summary Log', 'button Refresh', 'button Copy', 'region Log of Postgres',
    ]);
    await close();
  });
});

describe('the past', () => {
  test('a heal opens to its proof', async () => {
    const { page, close } = await open();
    await page.getByText('Restarted by Upkeep: up again after 1.4 s').click();
    const proof = page.locator('.proof');
    expect(await proof.textContent()).toContain('2 of 3 rounds of its checks passed.');
    expect(await proof.getByRole('list', { name: 'Steps' }).getByRole('listitem').allTextContents()).toEqual(['+0 msStopping310 ms', '+310 msStarting170 ms', '+480 msVerifying940 ms']);
    expect(await proof.locator('pre').textContent()).toContain('No space left on device');
    await close();
  });

  test('what cannot be read says so, and the rest is shown', async () => {
    const { page, close } = await browser.open({ snapshot: postgres(), hash: '#/service/postgres', answers: { statistics: statistics(), incidents: [], history: [] } });
    await page.getByText('There are no charts: The stage has no answer for series.').waitFor();
    await page.getByText('The log cannot be read: The stage has no answer for log.').waitFor();
    await page.getByText('It has never had to be restarted.').waitFor();
    await close();
  });

  test('a new heal appears by itself', async () => {
    const panel = await open({ answers: { history: [] } });
    await panel.page.getByText('It has never had to be restarted.').waitFor();
    await panel.answer({ history: [healed('postgres', 1)] });
    await panel.tell({ kind: 'event', event: healed('postgres', 1) });
    await panel.page.getByText('Restarted by Upkeep: up again after 1.4 s').waitFor();
    await panel.close();
  });
});

/** It is read every 2 s. */
const FOLLOWED = { timeout: 10_000 };

describe('the log', () => {
  test('is followed at its end, and stays where a person has scrolled to', async () => {
    const panel = await open();
    const log = panel.page.getByRole('region', { name: 'Log of Postgres' });
    await log.waitFor();
    const fromEnd = () => log.evaluate((node) => Math.round(node.scrollHeight - node.scrollTop - node.clientHeight));
    expect(await fromEnd()).toBe(0);
    await panel.answer({ log: { source: 'journald', lines: lines(5, 105) } });
    await expect.poll(() => log.textContent(), FOLLOWED).toContain('line 104 ');
    expect(await fromEnd()).toBe(0);
    await log.evaluate((node) => { node.scrollTop = 300; });
    await expect.poll(fromEnd).toBeGreaterThan(40);
    await panel.answer({ log: { source: 'journald', lines: lines(20, 120) } });
    await expect.poll(() => log.textContent(), FOLLOWED).toContain('line 119 ');
    expect(await log.evaluate((node) => node.scrollTop)).toBe(300);
    expect(await log.textContent()).toContain('line 0 ');
    await panel.close();
  });

  test('is not read while nobody can see it', async () => {
    const panel = await open();
    await panel.page.getByText('New lines appear by themselves.').waitFor();
    await panel.page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await panel.page.getByText('It is not followed now.').waitFor();
    await panel.calls();
    await panel.page.getByRole('button', { name: 'Refresh' }).click();
    await expect.poll(async () => (await panel.calls()).map(({ name }) => name)).toEqual(['log']);
    await panel.close();
  });

  test('is closed, and not read, while all is well', async () => {
    const panel = await openWithCharts({ snapshot: postgres({ name: 'Postgres' }) });
    expect((await panel.calls()).map(({ name }) => name)).not.toContain('log');
    await panel.page.locator('.log-tail > summary').click();
    await panel.page.getByRole('region', { name: 'Log of Postgres' }).waitFor();
    await panel.close();
  });

  test('is copied', async () => {
    const panel = await open({ answers: { copyText: null } });
    await panel.page.getByRole('button', { name: 'Copy', exact: true }).click();
    await panel.page.getByText('100 lines of the log copied.').waitFor();
    await panel.close();
  });
});

describe('services that are not there', () => {
  test('one that has left services.json keeps its past', async () => {
    const { page, close } = await open({ snapshot: snapshot([service('web')]) });
    await page.getByText('No longer supervised').waitFor();
    await page.getByText('It is not in /home/ada/services.json any more.', { exact: false }).waitFor();
    await page.getByText('Restarted by Upkeep: up again after 1.4 s').waitFor();
    expect(await page.getByRole('button', { name: 'Restart' }).count()).toBe(0);
    await close();
  });
  test('an id that nobody knows says so and leads back', async () => {
    const { page, close } = await open({ snapshot: snapshot([service('web')]), answers: { incidents: [], history: [], statistics: calmStatistics() } });
    await page.getByText('No service has this id.').waitFor();
    await page.getByRole('link', { name: 'Overview' }).first().click();
    await expect.poll(() => page.url()).toMatch(/#\/$/);
    await close();
  });
  test('while nobody supervises, what was known stays, and its buttons stand still', async () => {
    const panel = await openWithCharts();
    await panel.page.getByText('Restarted by Upkeep: up again after 1.4 s').waitFor();
    await panel.setLink({ kind: 'lost', message: 'Gone.' });
    const restart = panel.page.getByRole('button', { name: 'Restart', exact: true });
    await expect.poll(() => restart.getAttribute('aria-disabled')).toBe('true');
    await panel.calls();
    await restart.click({ force: true });
    expect((await panel.calls()).filter(({ name }) => name === 'restart')).toEqual([]);
    expect(await panel.page.locator('.availability-plot canvas').count()).toBe(1);
    expect(await panel.page.getByText('Restarted by Upkeep: up again after 1.4 s').count()).toBe(1);
    await panel.close();
  });
});

describe.each(['light', 'dark'] as const)('in %s, axe has nothing to say', (colorScheme) => {
  test.each<[string, PanelPageOptions]>([
    ['down', {}], ['up', { snapshot: postgres({ name: 'Postgres' }), answers: { incidents: [], history: [], statistics: calmStatistics() } }], ['being restarted', { snapshot: postgres(HEALING) }],
    ['gone', { snapshot: snapshot([service('web')]) }], ['unknown', { snapshot: snapshot([service('web')]), answers: { incidents: [], history: [] } }],
  ])('%s', async (_name, options) => {
    const panel = await open({ ...options, colorScheme });
    // Everything that can be opened is open.
    await panel.page.locator('details').evaluateAll((nodes) => nodes.forEach((node) => node.setAttribute('open', '')));
    expect(await panel.violations()).toEqual([]);
    await panel.close();
  });
});

test.each([380, 900, 1_400])('nothing is wider than a window of %i, nor than the box it stands in', async (width) => {
  const { page, close } = await openWithCharts({ width });
  await page.getByText('Restarts that worked, by what had shown the trouble').waitFor();
  await page.locator('details').evaluateAll((nodes) => nodes.forEach((node) => node.setAttribute('open', '')));
  await page.getByRole('region', { name: 'Table of latency and availability of Postgres' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  const wide = await page.locator('.statistics-parts > table, .charts > *, .named-facts, .proof > *').evaluateAll((nodes) =>
    nodes.flatMap((node) => { const room = node.parentElement?.getBoundingClientRect().right ?? 0; const { right } = node.getBoundingClientRect(); return right > room + 0.5 ? [`${node.tagName} ${right} > ${room}`] : []; }));
  expect(wide).toEqual([]);
  await close();
});
