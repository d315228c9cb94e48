// What each notification on the desktop shows, as timelines: when which notice comes, and what its notification says then.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { serviceToOpen, shownOf, withClosed, withNotice, withoutShown, withShown, type Notification } from '../../../supervisor/channels/desktop-joining.ts';
import type { Notice } from '../../../supervisor/ports.ts';
import { notice } from './notices.ts';

type Kind = Notice['kind'] | 'stopped';
const NAMES: Readonly<Record<string, string>> = { pg: 'Postgres', redis: 'Redis', web: 'Website', mail: 'Mail' };

/** "resolved pg": the notice of that kind about the alert of that service; "pg#2" is its second alert. */
function noticeOf(text: string, level: Notice['level'] = 'critical'): Notice {
  const [kind, alert] = text.split(' ') as [Kind, string];
  const [id = ''] = alert.split('#');
  const name = NAMES[id] ?? id;
  const said = { raised: 'is down', repeated: 'is down', resolved: 'is up again', stopped: 'was stopped', fixed: 'was restarted', test: '' }[kind];
  return notice({
    kind: kind === 'stopped' ? 'resolved' : kind, alertId: alert, service: kind === 'test' ? null : { id, name }, level,
    ended: kind === 'resolved' ? 'recovered' : kind === 'stopped' ? 'stopped' : null, title: `${name} ${said}`, message: `${name}: details.`,
  });
}

/** A desktop that shows everything at once. Says what came up: which notification, in the place of which, with which title. */
class Desk {
  all: readonly Notification[] = [];
  nowMs = 0;
  #numbers = new Map<string, number>();

  get(key: string): Notification {
    return this.all.find((one) => one.key === key) ?? expect.fail(`no notification ${key}`);
  }
  notice(atS: number, text: string, level?: Notice['level']): { key: string; says: string } {
    this.nowMs = atS * 1_000;
    const { all, key } = withNotice(this.all, noticeOf(text, level), this.nowMs);
    this.all = all;
    if (!this.#numbers.has(key)) this.#numbers.set(key, this.#numbers.size + 1);
    const says = `${this.#numbers.get(key) ?? 0}: ${shownOf(this.get(key)).title}`;
    this.all = withShown(this.all, this.get(key), this.nowMs);
    return { key, says };
  }
}
const play = (...steps: readonly [number, string][]): string[] => {
  const desk = new Desk();
  return steps.map(([atS, text]) => desk.notice(atS, text).says);
};

interface Row { readonly name: string; readonly steps: readonly [number, string][]; readonly shown: readonly string[] }

describe('a notification', () => {
  test.each<Row>([
    { name: 'of one alert says what the alert says, from its beginning to its end', steps: [[0, 'raised pg'], [3_600, 'repeated pg'], [3_700, 'resolved pg']], shown: ['1: Postgres is down', '1: Postgres is down', '1: Postgres is up again'] },
    { name: 'takes in a second alert within 10 s of the first, and names the first', steps: [[0, 'raised pg'], [9.9, 'raised redis'], [9.95, 'raised web']], shown: ['1: Postgres is down', '1: 2 services are down; the first was Postgres', '1: 3 services are down; the first was Postgres'] },
    { name: 'stays alone when the second comes 10 s later', steps: [[0, 'raised pg'], [10, 'raised redis']], shown: ['1: Postgres is down', '2: Redis is down'] },
    { name: 'that is joined takes in what comes later, as long as it stands and something is down', steps: [[0, 'raised pg'], [1, 'raised redis'], [500, 'raised web']], shown: ['1: Postgres is down', '1: 2 services are down; the first was Postgres', '1: 3 services are down; the first was Postgres'] },
    {
      name: 'that is joined counts down while the services recover', steps: [[0, 'raised pg'], [1, 'raised redis'], [2, 'raised web'], [60, 'resolved redis'], [61, 'resolved pg'], [62, 'resolved web']],
      shown: ['1: Postgres is down', '1: 2 services are down; the first was Postgres', '1: 3 services are down; the first was Postgres', '1: 2 of 3 services are still down', '1: 1 of 3 services is still down', '1: All 3 services are up again'],
    },
    { name: 'of two says "both"', steps: [[0, 'raised pg'], [1, 'raised redis'], [60, 'resolved pg'], [61, 'resolved redis']], shown: ['1: Postgres is down', '1: 2 services are down; the first was Postgres', '1: 1 of 2 services is still down', '1: Both services are up again'] },
    { name: 'does not say "up" of what a person has stopped', steps: [[0, 'raised pg'], [1, 'raised redis'], [60, 'resolved pg'], [61, 'stopped redis']], shown: ['1: Postgres is down', '1: 2 services are down; the first was Postgres', '1: 1 of 2 services is still down', '1: None of 2 services is down any more'] },
    { name: 'is a new one after all of an older one is over', steps: [[0, 'raised pg'], [1, 'raised redis'], [60, 'resolved pg'], [61, 'resolved redis'], [80, 'raised web']], shown: ['1: Postgres is down', '1: 2 services are down; the first was Postgres', '1: 1 of 2 services is still down', '1: Both services are up again', '2: Website is down'] },
    { name: 'counts a service that fails again once', steps: [[0, 'raised pg'], [1, 'raised redis'], [60, 'resolved redis'], [90, 'raised redis#2']], shown: ['1: Postgres is down', '1: 2 services are down; the first was Postgres', '1: 1 of 2 services is still down', '1: 2 services are down; the first was Postgres'] },
    { name: 'repeats itself in place, also when it is joined', steps: [[0, 'raised pg'], [1, 'raised redis'], [3_600, 'repeated pg'], [3_601, 'repeated redis']], shown: ['1: Postgres is down', ...Array.from({ length: 3 }, () => '1: 2 services are down; the first was Postgres')] },
    { name: 'of an end whose beginning was shown by an earlier Upkeep stands for itself, and several of them together', steps: [[0, 'resolved pg'], [1, 'resolved redis'], [30, 'resolved web']], shown: ['1: Postgres is up again', '1: Both services are up again', '2: Website is up again'] },
    { name: 'about a fix joins no alert', steps: [[0, 'raised pg'], [1, 'fixed redis'], [2, 'fixed web'], [3, 'raised mail']], shown: ['1: Postgres is down', '2: Redis was restarted', '2: 2 services were restarted; the first was Redis', '1: 2 services are down; the first was Postgres'] },
    { name: 'that is a test joins nothing, and the next test takes its place', steps: [[0, 'raised pg'], [1, 'test t1'], [2, 'test t2'], [3, 'raised redis']], shown: ['1: Postgres is down', '2: t1 ', '2: t2 ', '1: 2 services are down; the first was Postgres'] },
  ])('$name', ({ steps, shown }) => {
    expect(play(...steps)).toEqual(shown);
  });

  test('that a person has closed takes in nothing new, but is shown again with what becomes of its alerts', () => {
    const desk = new Desk();
    desk.notice(0, 'raised pg');
    const { key } = desk.notice(1, 'raised redis');
    desk.all = withClosed(desk.all, key);
    expect(desk.notice(60, 'raised web').says).toBe('2: Website is down');
    expect(desk.notice(61, 'resolved pg').says).toBe('1: 1 of 2 services is still down');
  });

  test('names the services below, those that are still down, and at most ten', () => {
    const desk = new Desk();
    desk.notice(0, 'raised pg');
    const { key } = desk.notice(1, 'raised redis');
    desk.notice(2, 'raised web');
    expect(shownOf(desk.get(key)).message).toBe('Postgres, Redis, Website');
    desk.notice(3, 'resolved redis');
    expect(shownOf(desk.get(key)).message).toBe('Postgres, Website');
    for (let i = 0; i < 12; i += 1) desk.notice(4, `raised s${i}`);
    expect(shownOf(desk.get(key)).message).toBe('Postgres, Website, s0, s1, s2, s3, s4, s5, s6, s7 and 4 more');
  });

  test('says what became of each when not all have recovered', () => {
    const desk = new Desk();
    desk.notice(0, 'raised pg');
    const { key } = desk.notice(1, 'raised redis');
    desk.notice(2, 'stopped redis');
    desk.notice(3, 'resolved pg');
    expect(shownOf(desk.get(key))).toMatchObject({ message: 'Postgres is up again; Redis was stopped.', isGoodNews: true });
  });

  test('is as loud as the worst of what is still down', () => {
    const desk = new Desk();
    desk.notice(0, 'raised web', 'info');
    const { key } = desk.notice(1, 'raised pg', 'critical');
    expect(shownOf(desk.get(key))).toMatchObject({ level: 'critical', isGoodNews: false });
    desk.notice(2, 'resolved pg', 'critical');
    expect(shownOf(desk.get(key))).toMatchObject({ level: 'info', isGoodNews: false });
    desk.notice(3, 'resolved web', 'info');
    expect(shownOf(desk.get(key)).isGoodNews).toBe(true);
  });

  test('opens the first service that is still down, then the first of all; a test opens nothing', () => {
    const desk = new Desk();
    desk.notice(0, 'raised pg');
    const { key } = desk.notice(1, 'raised redis');
    expect(serviceToOpen(desk.get(key))).toBe('pg');
    desk.notice(2, 'resolved pg');
    expect(serviceToOpen(desk.get(key))).toBe('redis');
    desk.notice(3, 'resolved redis');
    expect(serviceToOpen(desk.get(key))).toBe('pg');
    expect(serviceToOpen(desk.get(desk.notice(4, 'test t1').key))).toBeNull();
  });

  test('does not count an alert that could not be shown, until it is tried again', () => {
    let { all, key } = withNotice([], noticeOf('raised pg'), 0);
    all = withoutShown(all, key, new Set(['pg']));
    expect(all).toEqual([]);
    ({ all, key } = withNotice(all, noticeOf('raised redis'), 1_000));
    all = withShown(all, all[0] ?? expect.fail('nothing'), 1_000);
    ({ all, key } = withNotice(all, noticeOf('raised pg'), 5_000));
    expect(all.map((one) => shownOf(one).title)).toEqual(['2 services are down; the first was Redis']);
    expect(withoutShown(all, key, new Set(['pg'])).map((one) => shownOf(one).title)).toEqual(['Redis is down']);
  });

  test('of an alert that comes again is not mistaken for the one it was taken out of', () => {
    let { all } = withNotice([], noticeOf('raised pg'), 0);
    let joint = withNotice(all, noticeOf('raised redis'), 1_000);
    all = withoutShown(joint.all, joint.key, new Set(['pg']));
    joint = withNotice(all, noticeOf('raised pg'), 60_000);
    expect(new Set(joint.all.map(({ key }) => key)).size).toBe(2);
  });
});

describe('whatever comes in whatever order', () => {
  const services = ['pg', 'redis', 'web', 'mail'] as const;
  const moves = fc.array(fc.record({ service: fc.constantFrom(...services), waitS: fc.constantFrom(0, 1, 5, 10, 60), turn: fc.boolean() }), { maxLength: 40 });

  test('every alert is in exactly one notification while it is down, which says how many are', () => {
    fc.assert(fc.property(moves, (steps) => {
      const desk = new Desk();
      const down = new Map<string, string>();
      let atS = 0;
      let alerts = 0;
      for (const { service, waitS, turn } of steps) {
        atS += waitS;
        const active = down.get(service);
        if (active === undefined) down.set(service, `${service}#${alerts += 1}`);
        desk.notice(atS, active === undefined ? `raised ${down.get(service) ?? ''}` : `${turn ? 'resolved' : 'repeated'} ${active}`);
        if (active !== undefined && turn) down.delete(service);
        const shownDown = desk.all.flatMap(({ members }) => members.filter(({ trouble }) => trouble === 'down').map(({ alertId }) => alertId));
        expect(shownDown.toSorted()).toEqual([...down.values()].toSorted());
        for (const notification of desk.all) {
          const count = notification.members.filter(({ trouble }) => trouble === 'down').length;
          const { title, isGoodNews } = shownOf(notification);
          expect(isGoodNews).toBe(count === 0);
          if (count > 0 && notification.members.length > 1) expect(title).toMatch(new RegExp(`^${count} (services are down|of ${notification.members.length} services (is|are) still down)`));
        }
      }
    }), { numRuns: 200 });
  });
});
