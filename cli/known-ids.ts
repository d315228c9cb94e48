// Answers whether every id on the command line is the id of a service, before anything is done with one of them.
import { UsageError } from './invocation.ts';

/** Throws `UsageError` for the first id that is none. */
export function requireKnown(ids: readonly string[], services: readonly { readonly id: string }[]): void {
  const known = services.map(({ id }) => id);
  for (const id of ids) if (!known.includes(id)) throw unknownService(id, known);
}

export function unknownService(id: string, known: readonly string[]): UsageError {
  return new UsageError(`There is no service "${id}".`, { wanted: id, among: known });
}
