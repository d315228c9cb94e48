// Answers how the services stand in the tray's menu: what fails comes first, many are kept in groups. Pure.
import { type ServiceSnapshot, type ServiceStatus, WORST_FIRST } from '../supervisor/contract/snapshot.ts';
import { PAUSE_SPANS, type PauseSpan } from '../supervisor/contract/pause.ts';
import { isPaused, type ServiceAct, type TrayAct } from './tray-act.ts';
import { type MenuEntry, SEPARATOR, submenu } from './tray-entry.ts';

export type MakeEntry = (label: string, act: TrayAct) => MenuEntry;

/** More would not fit on a small screen. */
const MOST_WITHOUT_GROUPS = 12;
const MOST_FAILING = 8;
const MOST_IN_GROUP = 40;
/** Every service with a menu of its own makes ten items, and a menu of thousands takes the desktop a second to draw. */
const MOST_WITH_MENU = 100;
const FAILING: readonly ServiceStatus[] = ['down', 'healing', 'degraded'];

export function describeServices(services: readonly ServiceSnapshot[], entry: MakeEntry): MenuEntry[] {
  const failing = worstFirst(services.filter(isFailing));
  if (services.length <= MOST_WITHOUT_GROUPS) return [...failing, ...services.filter((service) => !isFailing(service))].map((service) => describeService(service, entry));
  const hidden = failing.length - MOST_FAILING;
  return [
    ...failing.slice(0, MOST_FAILING).map((service) => describeService(service, entry)),
    ...(hidden > 0 ? [entry(`${hidden} more failing`, { kind: 'panel' })] : []),
    ...(failing.length > 0 ? [SEPARATOR] : []),
    ...describeGroups(services, entry),
  ];
}

function describeGroups(services: readonly ServiceSnapshot[], entry: MakeEntry): MenuEntry[] {
  const names = [...new Set(services.map(({ group }) => group))];
  const line = services.length <= MOST_WITH_MENU ? describeService : describeBriefly;
  return names.map((name) => {
    const members = worstFirst(services.filter(({ group }) => group === name));
    const hidden = members.length - MOST_IN_GROUP;
    return submenu(`${name ?? (names.length === 1 ? 'All services' : 'Other services')} · ${countStatuses(members, WORST_FIRST)}`, [
      ...members.slice(0, MOST_IN_GROUP).map((service) => line(service, entry)),
      ...(hidden > 0 ? [entry(`${hidden} more in the panel`, { kind: 'panel' })] : []),
    ]);
  });
}

/** Such as "3 up, 1 down". */
export function countStatuses(services: readonly ServiceSnapshot[], order: readonly ServiceStatus[]): string {
  const counts = order.map((status) => [status, services.filter((service) => service.status === status).length] as const);
  return counts.filter(([, count]) => count > 0).map(([status, count]) => `${count} ${status}`).join(', ');
}

export function describePause(label: string, act: (span: PauseSpan) => TrayAct, entry: MakeEntry): MenuEntry {
  return submenu(label, PAUSE_SPANS.map(({ span, label: spanLabel }) => entry(spanLabel, act(span))));
}

function describeService(service: ServiceSnapshot, entry: MakeEntry): MenuEntry {
  const { id, name, status, reason, why, url } = service;
  const act = (kind: Exclude<ServiceAct['kind'], 'pause'>) => ({ kind, service: id }) as const;
  return submenu(`${name} · ${status} · ${reason}`, [
    entry('Restart', act('restart')),
    status === 'stopped' ? entry('Start', act('start')) : entry('Stop', act('stop')),
    ...(isPaused(service)
      ? [entry('Resume', act('resume'))]
      : [describePause('Pause', (span) => ({ kind: 'pause', service: id, span }), entry)]),
    SEPARATOR,
    ...(url === null ? [] : [entry('Open in browser', act('open'))]),
    entry('Show in panel', act('show')),
  ], `${name} · ${status} · ${why.code}`);
}

const describeBriefly = ({ id, name, status }: ServiceSnapshot, entry: MakeEntry): MenuEntry => entry(`${name} · ${status}`, { kind: 'show', service: id });

const isFailing = ({ status }: ServiceSnapshot): boolean => FAILING.includes(status);
/** Those that are equally bad stay in the order of services.json. */
const worstFirst = (services: readonly ServiceSnapshot[]): ServiceSnapshot[] =>
  services.toSorted((left, right) => WORST_FIRST.indexOf(left.status) - WORST_FIRST.indexOf(right.status));
