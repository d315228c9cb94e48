// Answers which services are listed and in which order, for what a person typed and chose. Pure.
import type { ServiceSnapshot, ServiceStatus } from '../../supervisor/contract/snapshot.ts';
import { latencyOf } from './row-view.ts';
import { WORST_FIRST } from '../../supervisor/contract/service-status.ts';

export const SORTS = ['file', 'worst', 'name', 'slowest'] as const;
export type Sort = (typeof SORTS)[number];
export interface Choice {
  readonly search: string;
  /** null: all. */
  readonly status: ServiceStatus | null;
  readonly sort: Sort;
}
export const FIRST_CHOICE: Choice = { search: '', status: null, sort: 'file' };

export interface Group {
  /** null: without a group, or sorted across groups. */
  readonly name: string | null;
  readonly services: readonly ServiceSnapshot[];
}

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const ORDERS: Readonly<Record<Exclude<Sort, 'file'>, (left: ServiceSnapshot, right: ServiceSnapshot) => number>> = {
  worst: (left, right) => WORST_FIRST.indexOf(left.status) - WORST_FIRST.indexOf(right.status),
  name: (left, right) => byName.compare(left.name, right.name),
  slowest: (left, right) => (latencyOf(right) ?? -1) - (latencyOf(left) ?? -1),
};

/** Grouped as in services.json, those without a group first; any other order knows no groups. Services that compare the same keep the order of the file. */
export function listServices(services: readonly ServiceSnapshot[], { search, status, sort }: Choice): readonly Group[] {
  const terms = search.toLowerCase().split(/\s+/).filter((term) => term !== '');
  const found = services.filter((service) => (status === null || service.status === status) && matches(service, terms));
  if (found.length === 0) return [];
  if (sort !== 'file') return [{ name: null, services: found.sort(ORDERS[sort]) }];
  const groups = new Map<string | null, ServiceSnapshot[]>([[null, []]]);
  for (const service of found) {
    const known = groups.get(service.group);
    if (known === undefined) groups.set(service.group, [service]);
    else known.push(service);
  }
  return [...groups].filter(([, members]) => members.length > 0).map(([name, members]) => ({ name, services: members }));
}

/** Every word typed is somewhere in what the row says. */
function matches({ name, id, group, status, reason }: ServiceSnapshot, terms: readonly string[]): boolean {
  if (terms.length === 0) return true;
  const text = `${name} ${id} ${group ?? ''} ${status} ${reason}`.toLowerCase();
  return terms.every((term) => text.includes(term));
}

export interface StatusCount { readonly status: ServiceStatus; readonly count: number }

/** The states there are, worst first; the chosen one also when it has become empty, so that it can be taken back. */
export function countStatuses(services: readonly Pick<ServiceSnapshot, 'status'>[], chosen: ServiceStatus | null): readonly StatusCount[] {
  const counts = new Map<ServiceStatus, number>();
  for (const { status } of services) counts.set(status, (counts.get(status) ?? 0) + 1);
  return WORST_FIRST.map((status) => ({ status, count: counts.get(status) ?? 0 })).filter(({ status, count }) => count > 0 || status === chosen);
}

/** What was kept as text; anything else is the first choice. */
export function readChoice(text: string | null): Choice {
  try {
    const kept: unknown = JSON.parse(text ?? '');
    if (typeof kept !== 'object' || kept === null) return FIRST_CHOICE;
    const search = 'search' in kept && typeof kept.search === 'string' ? kept.search : '';
    const status = 'status' in kept ? (WORST_FIRST.find((known) => known === kept.status) ?? null) : null;
    const sort = 'sort' in kept ? (SORTS.find((known) => known === kept.sort) ?? 'file') : 'file';
    return { search, status, sort };
  } catch {
    return FIRST_CHOICE;
  }
}
