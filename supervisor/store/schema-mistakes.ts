// What is wrong with a document, in words: zod's issues as one sentence each, at the value or the key they speak of.
// Quotes the text as it was written, never what a variable or a credential holds.
import type { Node } from 'jsonc-parser';
import * as z from 'zod';
import { closest } from './closest.ts';
import { entriesOf, locate, type JsonPath } from './json-text.ts';
import { listKnownKeys } from './known-keys.ts';
import type { Document, Mistake } from './mistake.ts';

type Issue = z.core.$ZodIssue;

const LONGEST_QUOTE = 60;
const LONGEST_KEY_LIST = 100;

/** The mistakes in the order zod finds them, at most one for each value. */
export function describeIssues(issues: readonly Issue[], schema: z.ZodType, document: Document): Mistake[] {
  const mistakes = issues.flatMap((issue) => describe(issue, [], { schema, ...document }));
  const firstAt = new Map<string, Mistake>();
  for (const mistake of mistakes) {
    const place = JSON.stringify(mistake.path);
    if (!firstAt.has(place)) firstAt.set(place, mistake);
  }
  return [...firstAt.values()];
}

interface Context extends Document { readonly schema: z.ZodType }

function describe(issue: Issue, above: JsonPath, context: Context): Mistake[] {
  const path = [...above, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], at: 'key', message: unknownKey(key, path, context) }));
    case 'invalid_key': {
      const expected = issue.issues[0]?.message ?? issue.message;
      return [{ path, at: 'key', message: `expected ${expected}, got ${quote(String(path.at(-1)))}` }];
    }
    case 'invalid_union': {
      if ('options' in issue && issue.options !== undefined) return [wrongValue(path, listValues(issue.options), issue.options, context)];
      const meant = findMeantBranch(issue.errors);
      return meant === undefined ? [wrongValue(path, issue.message, [], context)] : meant.flatMap((inner) => describe(inner, path, context));
    }
    case 'invalid_value':
      return [wrongValue(path, issue.message, issue.values, context)];
    case 'invalid_type': case 'invalid_format': case 'too_small': case 'too_big': case 'not_multiple_of': case 'invalid_element': case 'custom':
      return [wrongValue(path, issue.message, [], context)];
  }
}

/** The alternative of a union that the writer had in mind: the only one whose basic type fits what was written. */
function findMeantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fitting = branches.filter((issues) => !issues.some(({ code, path }) => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')));
  const [only, ...others] = fitting;
  return others.length > 0 || only?.some(({ code, path }) => path.length === 0 && code === 'invalid_format') ? undefined : only;
}

function wrongValue(path: JsonPath, expected: string, values: readonly unknown[], { root }: Context): Mistake {
  const { node, found } = locate(root, path);
  const got = found ? quoteNode(node, path) : 'nothing';
  const hint = found && node.type === 'string' ? didYouMean(String(node.value), values.map(String)) : '';
  return { path, at: 'value', message: `expected ${expected}, got ${got}${hint}` };
}

function unknownKey(key: string, path: JsonPath, { schema, root, value }: Context): string {
  const taken = new Set(entriesOf(locate(root, path).node).map(({ key: other }) => other));
  const known = listKnownKeys(toJsonSchema(schema), value, path);
  const hint = didYouMean(key, known);
  if (hint !== '') return `unknown key${hint}`;
  const free = known.filter((name) => !taken.has(name)).map(quote).join(', ');
  return free === '' || free.length > LONGEST_KEY_LIST ? 'unknown key' : `unknown key; known here: ${free}`;
}

/** The JSON Schema of what people write (not of what the reader makes of it). */
export function toJsonSchema(schema: z.ZodType): z.core.JSONSchema.JSONSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

const quote = (text: string): string => JSON.stringify(text);
const listValues = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(', ').replace(/, ([^,]*)$/, ' or $1');

function didYouMean(wanted: string, candidates: readonly string[]): string {
  const [nearest] = closest(wanted, candidates);
  return nearest === undefined ? '' : `; did you mean ${quote(nearest)}?`;
}

/** A value as it stands in the file, on one line, shortened, without credentials. */
function quoteNode(node: Node, path: JsonPath): string {
  const text = JSON.stringify(withoutCredentials(node, path));
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE - 1)}…`;
}

function withoutCredentials(node: Node, path: JsonPath): unknown {
  if (node.type === 'array') return (node.children ?? []).map((child, index) => withoutCredentials(child, [...path, index]));
  if (node.type === 'object') return Object.fromEntries(entriesOf(node).map(({ key, value }) => [key, withoutCredentials(value, [...path, key])]));
  if (node.type !== 'string') return node.value as unknown;
  return holdsCredentials(path) ? '…' : String(node.value).replace(/\/\/[^/@\s]*@/, '//…@');
}

/** Headers, environments and the settings of channels are where tokens stand. */
const holdsCredentials = (path: JsonPath): boolean =>
  (path[0] === 'alerts' && path[1] === 'channels') || path.slice(0, -1).some((segment) => segment === 'headers' || segment === 'env');

/** What zod says where the schema has no words of its own. Only what is expected: what was found is put beside it by `describeIssues`. */
export function describeExpectation(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type': return TYPES[issue.expected] ?? issue.expected;
    case 'invalid_value': return listValues(issue.values);
    case 'too_small': return describeBound(issue.origin, 'more', Number(issue.minimum), issue.inclusive !== false);
    case 'too_big': return describeBound(issue.origin, 'less', Number(issue.maximum), issue.inclusive !== false);
    case 'invalid_format': return issue.format === 'url' ? 'an address' : issue.format === 'regex' ? `a text like ${issue.pattern}` : `a text of the form "${issue.format}"`;
    case 'not_multiple_of': return `a multiple of ${issue.divisor}`;
    // These carry words of their own, or are told by what is inside them.
    case 'unrecognized_keys': case 'invalid_union': case 'invalid_key': case 'invalid_element': case 'custom': return 'something else';
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'an object', record: 'an object', null: 'null',
};

function describeBound(origin: string, direction: 'more' | 'less', bound: number, inclusive: boolean): string {
  const limit = inclusive ? `${bound} or ${direction}` : `${direction} than ${bound}`;
  if (origin === 'string') return bound === 1 && direction === 'more' ? 'a text that is not empty' : `a text of ${limit} characters`;
  if (origin === 'array') return bound === 1 && direction === 'more' ? 'a list that is not empty' : `a list of ${limit} entries`;
  return limit;
}
