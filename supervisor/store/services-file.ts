// Reads services.json: the configuration, or everything that is wrong with it at once, each with file:line:column, path, value and what is expected.
// Never throws for what stands in the file, never writes it.
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Node } from 'jsonc-parser';
import type * as z from 'zod';
import { resolveConfiguration, type Configuration, type configurationSchema } from '../contract/configuration.ts';
import { blankerOf } from '../system/secrets.ts';
import { resolveDocument, type Environment } from './environment-strings.ts';
import { createPositions, findDuplicateKeys, locate, readJsonText, valueAt, writePath, type JsonPath, type JsonText } from './json-text.ts';
import type { Mistake } from './mistake.ts';
import { describeExpectation, describeIssues, toJsonSchema } from './schema-mistakes.ts';
import { errorCode } from './set-aside.ts';

export type ConfigurationSchema = ReturnType<typeof configurationSchema>;

export interface ServicesFileOptions {
  /** Where `${env:NAME}` is looked up. */
  readonly env: Environment;
  readonly schema: ConfigurationSchema;
}

/** A configuration that is right, and the way to keep what stands in it from people's eyes. */
export interface ReadConfiguration {
  readonly configuration: Configuration;
  /**
   * Blanks every value that came from the environment. Any of them may be a password, so each counts as one; shorter ones than 4 characters don't.
   * For what services, programs and channels say, not for what the file itself says openly (names, addresses).
   */
  readonly redact: (text: string) => string;
}
/** `issues` are complete lines: `services.json:14:19 services.api.interval: expected 250ms or more, got "100ms"`. */
export type ServicesFile =
  | { readonly ok: true } & ReadConfiguration
  | { readonly ok: false; readonly issues: readonly string[] };

const EXAMPLE = 'an object such as {"version": 1, "services": {}}';

/** Never rejects: a file that cannot be read is an issue, too. */
export async function readServicesFile(file: string, options: ServicesFileOptions): Promise<ServicesFile> {
  const name = nameForPeople(file);
  const fail = (message: string): ServicesFile => ({ ok: false, issues: [`${name}: ${message}`] });
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    return fail(explainReadError(error));
  }
  try {
    return parseServicesFile(new TextDecoder('utf-8', { fatal: true }).decode(bytes), { ...options, file: name });
  } catch (error) {
    if (errorCode(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA') return fail('is not UTF-8 text; save it in the encoding UTF-8');
    throw error;
  }
}

/** `file` is only named in messages. */
export function parseServicesFile(source: string, { file, env, schema }: ServicesFileOptions & { readonly file: string }): ServicesFile {
  // Some editors write a byte order mark and show none.
  const json = readJsonText(source.replace(/^\uFEFF/, ''));
  const issues: LocatedIssue[] = findTextIssues(json);
  // After a mistake that swallows text, what is missing may only seem so.
  if (json.root !== undefined && json.complete) {
    const read = readDocument(json.root, env, schema);
    if (read.ok && issues.length === 0) return read;
    if (!read.ok) issues.push(...read.issues);
  }
  const positionOf = createPositions(json.text);
  const lines = issues.sort((a, b) => a.offset - b.offset).map(({ offset, path, message }) => {
    const { line, column } = positionOf(offset);
    return `${file}:${line}:${column} ${path.length === 0 ? message : `${writePath(path)}: ${message}`}`;
  });
  return { ok: false, issues: lines };
}

/** The JSON Schema of services.json, for editors and `upkeep schema`. */
export function configurationJsonSchema(schema: ConfigurationSchema): object {
  return toJsonSchema(schema);
}

interface LocatedIssue { readonly offset: number; readonly path: JsonPath; readonly message: string }

function findTextIssues({ text, root, mistakes, blank }: JsonText): LocatedIssue[] {
  if (blank) return [{ offset: 0, path: [], message: `expected ${EXAMPLE}, got an empty file` }];
  const positionOf = createPositions(text);
  const duplicates = root === undefined ? [] : findDuplicateKeys(root);
  return [
    ...mistakes.map(({ offset, message }) => ({ offset, path: [], message })),
    ...duplicates.map(({ node, first, path }) => ({
      offset: node.offset, path, message: `duplicate key ${JSON.stringify(node.value)}, first at line ${positionOf(first.offset).line}`,
    })),
  ];
}

function readDocument(root: Node, env: Environment, schema: ConfigurationSchema):
  { readonly ok: true } & ReadConfiguration | { readonly ok: false; readonly issues: readonly LocatedIssue[] } {
  if (root.type !== 'object') {
    const got = root.type === 'array' ? 'a list' : JSON.stringify(root.value);
    return { ok: false, issues: [{ offset: root.offset, path: [], message: `expected ${EXAMPLE}, got ${got}` }] };
  }
  const { value, mistakes, secrets } = resolveDocument(root, env);
  const parsed = schema.safeParse(value, { error: describeExpectation });
  if (parsed.success && mistakes.length === 0) return { ok: true, configuration: resolveConfiguration(parsed.data), redact: blankerOf(secrets) };
  const zodIssues = parsed.success ? [] : parsed.error.issues.flatMap((issue) => [issue, ...findHiddenIssues(issue, schema, value)]);
  // A text whose variable is missing was checked as it stands, which says nothing.
  const unread = new Set(mistakes.map(({ path }) => writePath(path)));
  const refused = describeIssues(zodIssues, schema, { root, value }).filter(({ path }) => !unread.has(writePath(path)));
  return { ok: false, issues: [...mistakes, ...refused].map((mistake) => placeMistake(mistake, root)) };
}

/** zod passes over a service whose id it refuses; what else is wrong in it is to be told as well. */
function findHiddenIssues(issue: z.core.$ZodIssue, schema: ConfigurationSchema, value: unknown): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_key' || issue.path[0] !== 'services') return [];
  const { error } = schema.shape.services.valueType.safeParse(valueAt(value, issue.path), { error: describeExpectation });
  return (error?.issues ?? []).map((hidden) => ({ ...hidden, path: [...issue.path, ...hidden.path] }));
}

function placeMistake({ path, at, message }: Mistake, root: Node): LocatedIssue {
  const { node, keyNode } = locate(root, path);
  return { offset: at === 'key' && keyNode !== null ? keyNode.offset : node.offset, path, message };
}

function nameForPeople(file: string): string {
  const fromHere = relative(process.cwd(), file);
  return fromHere === '' || fromHere.startsWith('..') ? file : fromHere;
}

const READ_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist; create it or name another one with --config FILE',
  EACCES: 'may not be read by this user; give it read permission',
  EPERM: 'may not be read by this user; give it read permission',
  EISDIR: 'is a folder; name the file in it',
};
const explainReadError = (error: unknown): string =>
  READ_ERRORS[errorCode(error) ?? ''] ?? `cannot be read (${error instanceof Error ? error.message : String(error)})`;
