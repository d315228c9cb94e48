// Which keys may stand at a place of a document? Read from the JSON Schema, so that "did you mean" and editors offer the same ones.
import type * as z from 'zod';
import { valueAt, type JsonPath } from './json-text.ts';

type JsonSchema = z.core.JSONSchema.JSONSchema;
type Branch = z.core.JSONSchema._JSONSchema | undefined;

/** The keys an object at `path` may have; empty where any may stand. `value` is the document: the kind of a check decides on its keys. */
export function listKnownKeys(schema: JsonSchema, value: unknown, path: JsonPath): string[] {
  let here = alternatives(schema, value);
  path.forEach((segment, index) => {
    const inside = valueAt(value, path.slice(0, index + 1));
    here = here.flatMap((branch) => alternatives(step(branch, segment), inside));
  });
  return [...new Set(here.flatMap(({ properties }) => Object.keys(properties ?? {})))];
}

function step(branch: JsonSchema, segment: PropertyKey): Branch {
  if (typeof segment === 'number') return Array.isArray(branch.items) ? undefined : branch.items;
  return branch.properties?.[String(segment)] ?? branch.additionalProperties;
}

/** A schema, or those of its alternatives whose "type" is the one the value names. */
function alternatives(schema: Branch, value: unknown): JsonSchema[] {
  if (schema === undefined || typeof schema === 'boolean') return [];
  const unions = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const kind = valueAt(value, ['type']);
  const named = schema.properties?.['type'];
  const other = typeof named === 'object' && named.const !== undefined && named.const !== kind;
  return [...(other ? [] : [schema]), ...unions.flatMap((option) => alternatives(option, value))];
}
