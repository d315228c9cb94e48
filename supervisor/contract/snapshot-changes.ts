// A snapshot as it differs from the one told before. Of five hundred services a dozen change between two looks;
// what has not changed is neither carried to a page nor compared there. Pure.
import { isSame } from './same.ts';
import type { ServiceSnapshot, Snapshot } from './snapshot.ts';

export interface SnapshotChanges {
  /** All but the services, whole. */
  readonly rest: Omit<Snapshot, 'services'>;
  /** Services that are new or not as before. */
  readonly services: readonly ServiceSnapshot[];
  /** Ids in their order; null: the same services in the same order. */
  readonly order: readonly string[] | null;
}

export function changesSince(before: Snapshot, next: Snapshot): SnapshotChanges {
  const { services, ...rest } = next;
  const known = new Map(before.services.map((service) => [service.id, service]));
  const isSameOrder = services.length === before.services.length && services.every(({ id }, index) => id === before.services[index]?.id);
  return { rest, services: services.filter((service) => !isSame(service, known.get(service.id))), order: isSameOrder ? null : services.map(({ id }) => id) };
}

/** The services after the changes, unchanged ones as the same objects; null: these are not the changes of what is known. */
export function applyChanges(before: readonly ServiceSnapshot[], { services, order }: SnapshotChanges): readonly ServiceSnapshot[] | null {
  if (order === null && services.length === 0) return before;
  const known = new Map(before.map((service) => [service.id, service]));
  for (const service of services) {
    if (order === null && !known.has(service.id)) return null;
    known.set(service.id, service);
  }
  const next = (order ?? before.map(({ id }) => id)).map((id) => known.get(id));
  return next.every((service) => service !== undefined) ? next : null;
}
