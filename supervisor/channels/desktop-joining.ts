// What each notification on the desktop shows: one an alert, and one together for alerts that come in a burst.
// Pure: the same notices at the same times give the same texts. Shows nothing itself.
import type { Notice } from '../ports.ts';

/** A second alert within this time of the first joins it. */
export const BURST_MS = 10_000;
const MOST_NAMES = 10;
/** Beyond that the oldest is forgotten: its alerts stand alone again. */
const MOST_NOTIFICATIONS = 64;

interface Member {
  readonly alertId: string;
  readonly service: Notice['service'];
  readonly level: Notice['level'];
  /** Of a fix or a test: null. */
  readonly trouble: 'down' | 'recovered' | 'over' | null;
  readonly title: string;
  readonly message: string;
  /** A notice about it was shown. */
  readonly known: boolean;
  /** Its newest notice has not been shown yet. */
  readonly owed: boolean;
}

/** One notification with all it stands for. */
export interface Notification {
  readonly key: string;
  readonly kind: 'trouble' | 'fix' | 'test';
  readonly beganMs: number;
  /** When it was shown last with more than one alert in it; null: never. */
  readonly joinedMs: number | null;
  /** It is on the screen, as far as anybody has said. */
  readonly stands: boolean;
  /** In the order in which they came. */
  readonly members: readonly Member[];
}

export interface Shown {
  readonly title: string;
  readonly message: string;
  readonly level: Notice['level'];
  /** It asks nothing of anybody. */
  readonly isGoodNews: boolean;
}

const KIND = { raised: 'trouble', repeated: 'trouble', resolved: 'trouble', fixed: 'fix', test: 'test' } as const;

function memberOf({ kind, alertId, service, level, title, message, ended }: Notice, known: boolean): Member {
  const trouble = KIND[kind] !== 'trouble' ? null : kind !== 'resolved' ? 'down' : ended === 'recovered' ? 'recovered' : 'over';
  return { alertId, service, level, title, message, trouble, known, owed: true };
}

const isDown = ({ trouble }: Member): boolean => trouble === 'down';

/** Nobody waits for more of it, and nothing joins it any more. */
const isDone = ({ members, beganMs, joinedMs }: Notification, nowMs: number): boolean =>
  members.every((member) => !isDown(member) && !member.owed) && nowMs - (joinedMs ?? beganMs) >= BURST_MS;

function takes({ kind, beganMs, joinedMs, stands, members }: Notification, notice: Notice, nowMs: number): boolean {
  if (kind !== KIND[notice.kind]) return false;
  if (kind === 'test' || nowMs - (joinedMs ?? beganMs) < BURST_MS) return true;
  return kind === 'trouble' && notice.kind !== 'resolved' && members.length > 1 && stands && members.some(isDown);
}

/** With the notice in it; what the same service had to say before is replaced. */
function joined(notification: Notification, notice: Notice): Notification {
  if (notification.kind === 'test') return { ...notification, members: [memberOf(notice, false)] };
  const isSame = (member: Member): boolean => member.alertId === notice.alertId || (member.service !== null && member.service.id === notice.service?.id);
  const earlier = notification.members.find(isSame);
  const member = memberOf(notice, earlier?.alertId === notice.alertId && earlier.known);
  return { ...notification, members: earlier === undefined ? [...notification.members, member] : notification.members.map((other) => (other === earlier ? member : other)) };
}

/** The notifications with one notice more, and which of them it is in. */
export function withNotice(before: readonly Notification[], notice: Notice, nowMs: number): { readonly all: readonly Notification[]; readonly key: string } {
  const all = before.filter((notification) => !isDone(notification, nowMs)).slice(-MOST_NOTIFICATIONS);
  const place = all.find(({ members }) => members.some(({ alertId }) => alertId === notice.alertId)) ?? all.find((notification) => takes(notification, notice, nowMs));
  if (place !== undefined) return { all: all.map((notification) => (notification === place ? joined(place, notice) : notification)), key: place.key };
  // An alert that was taken out and comes again must not be mistaken for what stands under its name.
  const key = all.some((notification) => notification.key === notice.alertId) ? `${notice.alertId}@${nowMs}` : notice.alertId;
  const made: Notification = { key, kind: KIND[notice.kind], beganMs: nowMs, joinedMs: null, stands: false, members: [memberOf(notice, false)] };
  return { all: [...all, made], key };
}

const change = (all: readonly Notification[], key: string, to: (notification: Notification) => Notification): readonly Notification[] =>
  all.map((notification) => (notification.key === key ? to(notification) : notification)).filter(({ members }) => members.length > 0);

/** It is on the screen as it was then. What has come since is still owed. */
export const withShown = (all: readonly Notification[], { key, members }: Notification, nowMs: number): readonly Notification[] =>
  change(all, key, (notification) => ({
    ...notification, stands: true, joinedMs: members.length > 1 ? nowMs : notification.joinedMs,
    members: notification.members.map((member) => (members.some(({ alertId }) => alertId === member.alertId) ? { ...member, known: true, owed: member.owed && !members.includes(member) } : member)),
  }));

/** It could not be shown: an alert that nobody has seen is taken out, and put in again when it is tried again. */
export const withoutShown = (all: readonly Notification[], key: string, alertIds: ReadonlySet<string>): readonly Notification[] =>
  change(all, key, (notification) => ({ ...notification, members: notification.members.filter(({ alertId, known }) => known || !alertIds.has(alertId)) }));

/** A person has closed it, or its time was over. */
export const withClosed = (all: readonly Notification[], key: string): readonly Notification[] => change(all, key, (notification) => ({ ...notification, stands: false }));

/** Which service a click opens: the first that is still down. null: none, it is a test. */
export const serviceToOpen = ({ members }: Notification): string | null => (members.find(isDown) ?? members[0])?.service?.id ?? null;

const SEVEREST = ['critical', 'warning', 'info'] as const;
const worst = (members: readonly Member[]): Notice['level'] => SEVEREST.find((level) => members.some((member) => member.level === level)) ?? 'info';

function namesOf(members: readonly Member[]): string {
  const names = members.map(({ service, title }) => service?.name ?? title);
  return names.length <= MOST_NAMES ? names.join(', ') : `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`;
}

function showTrouble(members: readonly Member[], first: Member): Shown {
  const down = members.filter(isDown);
  const count = members.length;
  if (down.length === count) return { title: `${count} services are down; the first was ${namesOf([first])}`, message: namesOf(members), level: worst(members), isGoodNews: false };
  if (down.length > 0) return { title: `${down.length} of ${count} services ${down.length === 1 ? 'is' : 'are'} still down`, message: namesOf(down), level: worst(down), isGoodNews: false };
  const rest = { level: worst(members), isGoodNews: true };
  if (members.every(({ trouble }) => trouble === 'recovered')) return { title: count === 2 ? 'Both services are up again' : `All ${count} services are up again`, message: namesOf(members), ...rest };
  return { title: `None of ${count} services is down any more`, message: `${members.map(({ title }) => title).join('; ')}.`, ...rest };
}

/** What it says now. Alone an alert speaks for itself. */
export function shownOf({ kind, members }: Notification): Shown {
  const [first] = members;
  if (first === undefined) throw new RangeError('a notification stands for one alert at least');
  if (members.length === 1) return { title: first.title, message: first.message, level: first.level, isGoodNews: !isDown(first) };
  if (kind === 'trouble') return showTrouble(members, first);
  return { title: `${members.length} services were restarted; the first was ${namesOf([first])}`, message: namesOf(members), level: worst(members), isGoodNews: true };
}
