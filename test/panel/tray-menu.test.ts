// What the tray says and offers, as a table of situations.
import { describe, expect, test } from 'vitest';
import type { ServiceSnapshot, Snapshot } from '../../supervisor/contract/snapshot.ts';
import type { LinkState } from '../../supervisor/contract/panel.ts';
import { addressOf, type TrayAct, whyNot } from '../../electron/tray-act.ts';
import { pauseUntil } from '../../supervisor/contract/pause.ts';
import { gistOf, type MenuEntry } from '../../electron/tray-entry.ts';
import { describeTray, TRAY_STATES, type TrayState } from '../../electron/tray-menu.ts';
import { ahead, NOW, service, snapshot, variedSnapshot } from './snapshot-builders.ts';

const HOSTING: LinkState = { kind: 'hosting' };
const down = (id: string) => service(id, { status: 'down', reason: 'Held: 3 of 3 restarts used in the last hour; next possible at 14:32.' });

interface Situation { readonly name: string; readonly link?: LinkState; readonly snapshot: Snapshot | null; readonly state: TrayState; readonly tooltip: string }
const situations: readonly Situation[] = [
  { name: 'before the first snapshot', link: { kind: 'starting' }, snapshot: null, state: 'unknown', tooltip: 'Upkeep: starting' },
  { name: 'everything up', snapshot: snapshot([service('a'), service('b')]), state: 'up', tooltip: 'Upkeep: 2 up' },
  { name: 'no services', snapshot: snapshot([]), state: 'up', tooltip: 'Upkeep: no services' },
  {
    name: 'one down among many', snapshot: snapshot([service('a'), service('b'), down('Postgres'), service('c')]), state: 'down',
    tooltip: 'Upkeep: 3 up, 1 down — Postgres: Held: 3 of 3 restarts used in the last hour; next possible at 14:32.',
  },
  { name: 'one healing', snapshot: snapshot([service('a'), service('b', { status: 'healing', reason: 'Restarting.' })]), state: 'healing', tooltip: 'Upkeep: 1 up, 1 healing — b: Restarting.' },
  { name: 'a service that is down outranks one that is being healed', snapshot: snapshot([service('a', { status: 'healing' }), down('b')]), state: 'down', tooltip: 'Upkeep: 1 down, 1 healing — b: Held: 3 of 3 restarts used in the last hour; next possible at 14:32.' },
  { name: 'one degraded', snapshot: snapshot([service('a'), service('b', { status: 'degraded', reason: 'Slow.' })]), state: 'degraded', tooltip: 'Upkeep: 1 up, 1 degraded — b: Slow.' },
  { name: 'nothing checked yet', snapshot: snapshot([service('a', { status: 'unknown', reason: 'Not checked yet.' })]), state: 'unknown', tooltip: 'Upkeep: 1 unknown — a: Not checked yet.' },
  { name: 'some unknown beside one that is up', snapshot: snapshot([service('a'), service('b', { status: 'unknown', reason: 'Not checked yet.' })]), state: 'up', tooltip: 'Upkeep: 1 up, 1 unknown — b: Not checked yet.' },
  { name: 'everything paused', snapshot: snapshot([service('a', { status: 'paused', reason: 'Paused.' })], { paused: true, pausedUntil: null }), state: 'paused', tooltip: 'Upkeep: everything paused (1 paused) — a: Paused.' },
  { name: 'every service paused or stopped by itself', snapshot: snapshot([service('a', { status: 'paused', reason: 'Paused.', paused: true, pausedUntil: ahead(60) }), service('b', { status: 'stopped' })]), state: 'paused', tooltip: 'Upkeep: 1 paused, 1 stopped — a: Paused.' },
  { name: 'services.json cannot be used', link: { kind: 'invalid', message: '/x/services.json cannot be used.', issues: ['services.json:1:1 expected an object'] }, snapshot: null, state: 'down', tooltip: 'Upkeep: /x/services.json cannot be used.' },
  {
    name: 'a change of services.json that was refused', snapshot: snapshot([service('a')], { config: { file: '/x', error: '/home/ada/services.json:3:1 nonsense\n/home/ada/services.json:4:1 more' } }), state: 'up',
    tooltip: 'Upkeep: 1 up — services.json refused: services.json:3:1 nonsense',
  },
  { name: 'the supervisor has gone', link: { kind: 'lost', message: 'The Upkeep that supervised has gone; taking over.' }, snapshot: snapshot([down('a')]), state: 'unknown', tooltip: 'Upkeep: The Upkeep that supervised has gone; taking over.' },
];

describe('icon and tooltip', () => {
  test.each(situations)('$name: $state', ({ link = HOSTING, snapshot, state, tooltip }) => {
    const model = describeTray({ link, snapshot });
    expect({ state: model.state, tooltip: model.tooltip }).toEqual({ state, tooltip });
  });

  test('every icon state is reached by some situation', () => {
    expect(new Set(situations.map(({ state }) => state))).toEqual(new Set(TRAY_STATES));
  });

  test('a long reason is cut, not spilled', () => {
    const { tooltip, entries } = describeTray({ link: HOSTING, snapshot: snapshot([service('a', { status: 'down', reason: 'x'.repeat(500) })]) });
    expect(tooltip).toHaveLength(200);
    for (const entry of entries) if (entry.kind !== 'separator') expect(entry.label.length).toBeLessThanOrEqual(90);
  });
});

/** The menu as lines, off for what cannot be chosen. */
function lines(entries: readonly MenuEntry[], indent = ''): string[] {
  return entries.flatMap((entry) => {
    switch (entry.kind) {
      case 'separator': return [`${indent}--`];
      case 'text': return [`${indent}(${entry.label})`];
      case 'act': return [`${indent}${entry.enabled ? '' : 'off: '}${entry.label}`];
      case 'submenu': return [`${indent}${entry.label} >`, ...lines(entry.entries, `${indent}  `)];
    }
  });
}
const submenuOf = (model: { readonly entries: readonly MenuEntry[] }, name: string) => {
  const found = model.entries.find((entry) => entry.kind === 'submenu' && entry.label.startsWith(name));
  return found?.kind === 'submenu' ? lines(found.entries) : [];
};
const PAUSES = ['  For 15 minutes', '  For 1 hour', '  Until tomorrow, 8:00', '  Until I resume'];

describe('menu', () => {
  test('is headed by the state in words and ends with quit', () => {
    expect(lines(describeTray({ link: HOSTING, snapshot: snapshot([service('web', { name: 'Website' })]) }).entries)).toEqual([
      '(1 up)', '--',
      'Website · up · Its check passes. >',
      '  Restart', '  Stop', '  Pause >', ...PAUSES.map((line) => `  ${line}`), '  --', '  Show in panel',
      '--', 'off: Heal all failing', 'Pause all >', ...PAUSES, 'off: Resume all', '--', 'Open panel', 'Quit Upkeep',
    ]);
  });

  const model = describeTray({ link: HOSTING, snapshot: variedSnapshot() });
  test.each([
    { name: 'Website', what: 'with an address can be opened', expected: ['Restart', 'Stop', 'Pause >', ...PAUSES, '--', 'Open in browser', 'Show in panel'] },
    { name: 'Background worker', what: 'being healed is not restarted again', expected: ['off: Restart', 'Stop', 'Pause >', ...PAUSES, '--', 'Show in panel'] },
    { name: 'Mail relay', what: 'watched only cannot be acted on', expected: ['off: Restart', 'off: Stop', 'Pause >', ...PAUSES, '--', 'Show in panel'] },
    { name: 'Docs preview', what: 'paused can be resumed', expected: ['Restart', 'Stop', 'Resume', '--', 'Show in panel'] },
    { name: 'Redis', what: 'stopped can be started', expected: ['off: Restart', 'Start', 'Pause >', ...PAUSES, '--', 'Show in panel'] },
  ])('a service $what', ({ name, expected }) => {
    expect(submenuOf(model, name)).toEqual(expected);
  });

  test('what fails stands first, worst first; the rest stays in the order of services.json', () => {
    const services = [service('a'), service('b', { status: 'degraded' }), service('c', { status: 'stopped' }), down('d'), service('e'), service('f', { status: 'healing' })];
    expect(serviceLines(services)).toEqual(['d · down', 'f · healing', 'b · degraded', 'a · up', 'c · stopped', 'e · up']);
  });

  test('without a supervisor only panel and quit can be chosen', () => {
    const { entries } = describeTray({ link: { kind: 'lost', message: 'Gone.' }, snapshot: variedSnapshot() });
    const possible = lines(entries).filter((line) => !/^ *(off: |\(|--)| >$/.test(line));
    expect(possible).toEqual(['Open panel', 'Quit Upkeep']);
  });

  test('configuration errors stand in the menu', () => {
    const { entries } = describeTray({ link: { kind: 'invalid', message: 'services.json cannot be used.', issues: ['one', 'two'] }, snapshot: null });
    expect(lines(entries).slice(0, 4)).toEqual(['(services.json cannot be used.)', '(one)', '(two)', '--']);
  });

  test('a refused change of services.json stands in the menu', () => {
    const { entries } = describeTray({ link: HOSTING, snapshot: snapshot([service('a')], { config: { file: '/x', error: '/home/ada/my conf/services.json:3:1 nonsense' } }) });
    expect(lines(entries)[1]).toBe('(services.json refused: services.json:3:1 nonsense)');
  });

  test('quitting beside a running instance says that supervision goes on', () => {
    expect(lines(describeTray({ link: { kind: 'attached' }, snapshot: snapshot([]) }).entries).at(-1)).toBe('Quit (supervision goes on without the tray)');
  });

  test('the passing of time alone changes nothing', () => {
    const later: Snapshot = { ...variedSnapshot(), at: ahead(5) };
    later.services = later.services.map((each) => ({ ...each, checks: each.checks.map((check) => ({ ...check, at: ahead(5), latencyMs: 77 })) }));
    expect(describeTray({ link: HOSTING, snapshot: later })).toEqual(model);
  });
});

/** The first two words of what stands between the first two lines. */
function serviceLines(services: readonly ServiceSnapshot[]): string[] {
  const { entries } = describeTray({ link: HOSTING, snapshot: snapshot(services) });
  const after = entries.slice(entries.findIndex(({ kind }) => kind === 'separator') + 1);
  return after.slice(0, after.findIndex((entry) => 'label' in entry && entry.label === 'Heal all failing') - 1)
    .map((entry) => (entry.kind === 'separator' ? '--' : entry.label.split(' · ').slice(0, 2).join(' · ')));
}
const many = (count: number, differs: (index: number) => Partial<ServiceSnapshot> = () => ({})) => Array.from({ length: count }, (_, index) => service(`s${index}`, differs(index)));

describe('menu of many services', () => {
  test('12 stand by themselves, 13 in groups', () => {
    expect(serviceLines(many(12))).toHaveLength(12);
    expect(serviceLines(many(13))).toEqual(['All services · 13 up']);
  });

  test('each group is one submenu, in the order of services.json, with what it holds in its label', () => {
    const groups = ['Shop', null, 'Office'];
    const services = many(15, (index) => ({ group: groups[index % 3] ?? null, ...(index === 6 && { status: 'stopped' as const }) }));
    expect(serviceLines(services)).toEqual(['Shop · 1 stopped, 4 up', 'Other services · 5 up', 'Office · 5 up']);
    expect(submenuOf(describeTray({ link: HOSTING, snapshot: snapshot(services) }), 'Shop').filter((line) => / · /.test(line)))
      .toEqual(['s6 · stopped · Its check passes. >', 's0 · up · Its check passes. >', 's3 · up · Its check passes. >', 's9 · up · Its check passes. >', 's12 · up · Its check passes. >']);
  });

  test('what fails stands above the groups, and in its group too', () => {
    const services = many(20, (index) => ({ group: 'Shop', ...(index === 17 && { status: 'down' as const }) }));
    expect(serviceLines(services)).toEqual(['s17 · down', '--', 'Shop · 1 down, 19 up']);
    expect(submenuOf(describeTray({ link: HOSTING, snapshot: snapshot(services) }), 'Shop')[0]).toBe('s17 · down · Its check passes. >');
  });

  test('of many that fail the worst are shown, and the panel has the rest', () => {
    const services = many(30, (index) => ({ status: index < 10 ? 'degraded' : index < 15 ? 'down' : 'up' }));
    const shown = serviceLines(services);
    expect(shown).toEqual(['s10 · down', 's11 · down', 's12 · down', 's13 · down', 's14 · down', 's0 · degraded', 's1 · degraded', 's2 · degraded', '7 more failing', '--', 'All services · 5 down, 10 degraded, 15 up']);
    expect(describeTray({ link: HOSTING, snapshot: snapshot(services) }).entries.find((entry) => entry.kind === 'act' && entry.label === '7 more failing')).toMatchObject({ act: { kind: 'panel' } });
  });

  test('hundreds of services make a menu that can still be drawn at once', () => {
    const count = (entries: readonly MenuEntry[]): number => entries.reduce((sum, entry) => sum + 1 + (entry.kind === 'submenu' ? count(entry.entries) : 0), 0);
    const { entries } = describeTray({ link: HOSTING, snapshot: snapshot(many(500, (index) => ({ group: `Group ${index % 5}` }))) });
    expect(count(entries)).toBeLessThan(300);
    const group = entries.find((entry) => entry.kind === 'submenu' && entry.label.startsWith('Group 0'));
    expect(group?.kind === 'submenu' ? group.entries.at(-1) : null).toEqual({ kind: 'act', label: '60 more in the panel', enabled: true, act: { kind: 'panel' } });
  });
});

describe('what is worth a new menu at once', () => {
  const gist = (differs: Partial<ServiceSnapshot>) => JSON.stringify(gistOf(describeTray({ link: HOSTING, snapshot: snapshot([service('a', differs)]) }).entries));
  const slow = (ms: number): Partial<ServiceSnapshot> => ({
    status: 'degraded', reason: `Slow: http 127.0.0.1: answered after ${ms} ms.`,
    why: { code: 'slow', symptom: { kind: 'check', check: 'http', target: '127.0.0.1', evidence: `answered after ${ms} ms` } },
  });
  test('not the numbers in a reason', () => expect(gist(slow(812))).toBe(gist(slow(907))));
  test.each([
    ['another state', { ...slow(812), status: 'down' } as const],
    ['another reason', { ...slow(812), why: { code: 'not-checked-yet' } } as const],
    ['another name', { ...slow(812), name: 'b' } as const],
    ['something else that can be done', { ...slow(812), url: 'http://127.0.0.1/' } as const],
  ])('%s', (_what, differs) => expect(gist(differs)).not.toBe(gist(slow(812))));
});

describe('acts are judged again when they arrive', () => {
  const input = { link: HOSTING, snapshot: variedSnapshot() };
  const rows: readonly (readonly [TrayAct, string | null])[] = [
    [{ kind: 'restart', service: 'web' }, null],
    [{ kind: 'restart', service: 'gone' }, 'There is no service "gone".'],
    [{ kind: 'restart', service: 'worker' }, 'Background worker is being restarted already.'],
    [{ kind: 'restart', service: 'cache' }, 'Redis is stopped; start it.'],
    [{ kind: 'restart', service: 'mail' }, 'Mail relay is only watched: it has no service manager.'],
    [{ kind: 'start', service: 'web' }, 'Website is not stopped.'],
    [{ kind: 'stop', service: 'cache' }, 'Redis is stopped already.'],
    [{ kind: 'pause', service: 'docs', span: '1h' }, 'Docs preview is paused already.'],
    [{ kind: 'resume', service: 'web' }, 'Website is not paused.'],
    [{ kind: 'open', service: 'docs' }, 'Docs preview has no address.'],
    [{ kind: 'heal-failing' }, null],
    [{ kind: 'resume-all' }, null],
    [{ kind: 'quit' }, null],
  ];
  test.each(rows)('%o', (act, expected) => {
    expect(whyNot(act, input)).toBe(expected);
  });

  test('a service paused along with everything is resumed with everything', () => {
    const paused = snapshot([service('a', { status: 'paused' })], { paused: true, pausedUntil: null });
    expect(whyNot({ kind: 'resume', service: 'a' }, { link: HOSTING, snapshot: paused })).toBe('Everything is paused; resume all.');
    expect(whyNot({ kind: 'resume-all' }, { link: HOSTING, snapshot: paused })).toBeNull();
    expect(whyNot({ kind: 'pause-all', span: '1h' }, { link: HOSTING, snapshot: paused })).toBe('Everything is paused already.');
  });
});

describe('what an act asks for', () => {
  test.each([
    ['15m', new Date(2026, 10, 22, 14, 35).toISOString()],
    ['1h', new Date(2026, 10, 22, 15, 20).toISOString()],
    ['tomorrow', new Date(2026, 10, 23, 8, 0).toISOString()],
    ['until-resumed', undefined],
  ] as const)('a pause of %s ends at %s', (span, until) => {
    expect(pauseUntil(span, NOW)).toBe(until);
  });

  test.each([
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/'],
    ['https://localhost/', 'https://localhost/'],
    ['file:///etc/passwd', null],
    ['javascript:alert(1)', null],
    [null, null],
  ])('the address %s opens as %s', (url, expected) => {
    expect(addressOf('a', snapshot([service('a', { url })]))).toBe(expected);
  });
  test('a service that is not there has no address', () => expect(addressOf('b', snapshot([service('a', { url: 'http://x/' })]))).toBeNull());
});
