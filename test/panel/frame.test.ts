// What stands around every screen: tabs, banners, what is said when nobody supervises, and the way out.
import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../supervisor/contract/snapshot.ts';
import { describeFrame, type FrameInput } from '../../renderer/frame-view.ts';
import type { LinkState } from '../../renderer/bridge.ts';
import { lineOf } from '../../renderer/parts/mistakes.tsx';
import { OVERVIEW, type Route } from '../../renderer/route.ts';
import { ago, alert, NOW_MS, service, snapshot } from './snapshot-builders.ts';

const HISTORY: Route = { screen: 'history', service: null, kind: null };
const known = snapshot([service('a')]);
const frame = (given: Snapshot | null, differs: Partial<FrameInput> = {}) =>
  describeFrame({ link: { kind: 'hosting' }, snapshot: given, route: OVERVIEW, isDesktop: true, nowMs: NOW_MS, ...differs });

describe('tabs', () => {
  test.each<[Route, string]>([
    [OVERVIEW, 'Overview'], [{ screen: 'service', service: 'a' }, 'Overview'], [HISTORY, 'History'], [{ screen: 'incident', incident: 'x' }, 'History'], [{ screen: 'alerts' }, 'Alerts'], [{ screen: 'settings' }, 'Settings'],
  ])('%j belongs to %s', (route, label) => expect(frame(known, { route }).tabs.filter(({ isCurrent }) => isCurrent).map((tab) => tab.label)).toEqual([label]));
  test('alerts are counted until somebody has answered them', () => {
    const alerts = [alert('a'), { ...alert('b'), acknowledgedAt: ago(1) }, { ...alert('c'), snoozed: { until: null } }];
    expect(frame(snapshot([service('a')], { alerts })).tabs.map(({ count }) => count)).toEqual([0, 0, 1, 0]);
  });
});

describe('banners', () => {
  const titles = (given: Snapshot, differs: Partial<FrameInput> = {}) => frame(given, differs).banners.map(({ title }) => title);
  test('none when all is well', () => expect(frame(known)).toMatchObject({ isLive: true, banners: [], standstill: null }));
  test('a refused change shows its mistakes, line by line, but not where the settings show them', () => {
    const refused = snapshot([service('a')], { config: { file: '/x', error: 'x:1:2 one\nx:3:4 two' } });
    expect(frame(refused).banners).toEqual([{ kind: 'error', title: 'The changed services.json was refused; the one before stays in force.', lines: [], mistakes: ['x:1:2 one', 'x:3:4 two'] }]);
    expect(titles(refused, { route: { screen: 'settings' } })).toEqual([]);
  });
  test('a file that cannot be used shows every mistake, above what was known', () => {
    expect(frame(known, { link: { kind: 'invalid', message: 'x', issues: ['one', 'two'] } })).toMatchObject({ isLive: false, standstill: null, banners: [{ mistakes: ['one', 'two'], lines: ['Correct it; Upkeep starts as soon as it is saved. What you see was known at 14:20.'] }] });
  });
  test('a lost supervisor is told on every screen, on the overview by its first sentence', () => {
    const link: LinkState = { kind: 'lost', message: 'It is asked again.' };
    expect(frame(known, { link, route: HISTORY }).banners).toEqual([{ kind: 'error', title: 'Upkeep does not answer.', lines: ['It is asked again.', 'What you see was known at 14:20.'], mistakes: [] }]);
    expect(titles(known, { link })).toEqual([]);
  });
  test('notes about Upkeep itself', () => expect(titles(snapshot([], { notes: ['state.json was set aside.'] }))).toEqual(['About Upkeep itself']));
  test.each([['services.json:14:19 services.api: x', 14], ['/a b/services.json:2:1 x', 2], ['C:\\x\\services.json:7:1 x', 7], ['services.json is not there', null]])('the place of %j is line %s', (text, line) => expect(lineOf(text)).toBe(line));
});

describe('when nothing is known', () => {
  test.each<[string, LinkState, string, 'waiting' | 'stopped']>([
    ['starting', { kind: 'starting' }, 'Upkeep is starting', 'waiting'],
    ['nothing told yet', { kind: 'hosting' }, 'Upkeep is here', 'waiting'],
    ['wrong configuration', { kind: 'invalid', message: '/x cannot be used.', issues: ['one'] }, 'Nothing is supervised', 'stopped'],
    ['lost', { kind: 'lost', message: 'It is asked again.' }, 'Upkeep does not answer', 'stopped'],
    ['failed', { kind: 'failed', message: 'No port.' }, 'Upkeep does not answer', 'stopped'],
    ['ended', { kind: 'ended', message: 'Run upkeep panel again.' }, 'This page is not connected', 'stopped'],
  ])('%s: what happened stands in place of the screen', (_name, link, title, kind) => {
    expect(frame(null, { link, route: HISTORY }).standstill).toMatchObject({ title, kind });
    expect(frame(null, { link, route: HISTORY }).banners).toEqual([]);
  });
  test('the way to services.json is offered where there is one', () => {
    const link: LinkState = { kind: 'invalid', message: 'x', issues: ['one'] };
    expect(frame(null, { link }).standstill?.canOpenConfiguration).toBe(true);
    expect(frame(null, { link, isDesktop: false }).standstill?.canOpenConfiguration).toBe(false);
  });
  test.each<Route>([OVERVIEW, HISTORY, { screen: 'settings' }])('a page that will never be answered is one page, whatever its address: %j', (route) => {
    expect(frame(null, { link: { kind: 'ended', message: 'Run upkeep panel again.' }, route })).toMatchObject({ tabs: [], banners: [], standstill: { lines: ['Run upkeep panel again.'] } });
  });
  test('the settings stay, with the mistakes and the diagnostics', () => expect(frame(null, { link: { kind: 'failed', message: 'x' }, route: { screen: 'settings' } }).standstill).toBeNull());
});

test.each<[LinkState['kind'], boolean, string | null]>([
  ['hosting', true, 'Quit Upkeep'], ['attached', true, 'Quit the tray app; process 4242 goes on supervising'], ['hosting', false, null],
])('the corner with link %s, desktop %s, offers %s', (kind, isDesktop, quit) => {
  expect(frame(known, { link: kind === 'attached' ? { kind } : { kind: 'hosting' }, isDesktop }).corner).toEqual({ version: 'Upkeep 0.1.0', quit });
});
