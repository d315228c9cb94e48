// Turns the tree of a document into its value and puts environment variables where "${env:NAME}" stands in a text. "$${env:NAME}" stays as it is, less one "$".
// The tree keeps the text as written, so that messages can quote it without giving away what a variable holds.
import type { Node } from 'jsonc-parser';
import { entriesOf, type JsonPath } from './json-text.ts';
import type { Mistake } from './mistake.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$?\$\{env:([^}]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Keys are taken as they stand. A text with a mistake in it stays as it was written. `secrets` are the values that were put in. */
export function resolveDocument(root: Node, env: Environment): { value: unknown; mistakes: Mistake[]; secrets: ReadonlySet<string> } {
  const mistakes: Mistake[] = [];
  const secrets = new Set<string>();
  /** Hosts and ports: they name what is checked, and a status without them says nothing. */
  const plain = new Set<string>();
  const lookUp = (name: string): string | undefined => {
    const value = env[name];
    if (value !== undefined) secrets.add(value);
    return value;
  };
  const resolve = (node: Node, path: JsonPath): unknown => {
    if (node.type === 'array') return (node.children ?? []).map((child, index) => resolve(child, [...path, index]));
    if (node.type === 'object') {
      const entries = new Map<string, unknown>();
      // The first of two equal keys counts: it is the one that positions point at.
      for (const { key, value } of entriesOf(node)) {
        // No schema of ours knows it, and some would pass it over in silence.
        if (key === '__proto__') mistakes.push({ path: [...path, key], at: 'key', message: 'unknown key' });
        else if (!entries.has(key)) entries.set(key, resolve(value, [...path, key]));
      }
      return Object.fromEntries(entries);
    }
    if (node.type !== 'string') return node.value as unknown;
    const text = String(node.value);
    const wrong = findMistake(text, env);
    if (wrong !== null) mistakes.push({ path, at: 'value', message: wrong });
    if (wrong !== null) return text;
    const replaced = replaceReferences(text, lookUp);
    for (const shown of namesOf(path.at(-1), replaced)) plain.add(shown);
    return replaced;
  };
  const value = resolve(root, []);
  for (const shown of plain) secrets.delete(shown);
  return { value, mistakes, secrets };
}

/** What of this value is a host or a port. */
function namesOf(key: PropertyKey | undefined, text: string): readonly string[] {
  if (key === 'host') return [text];
  if (key !== 'url') return [];
  try {
    const { host, hostname, port } = new URL(text);
    return [host, hostname, port];
  } catch {
    // The schema says what is wrong with it.
    return [];
  }
}

function findMistake(text: string, env: Environment): string | null {
  for (const [reference, name = ''] of text.matchAll(REFERENCE)) {
    if (reference.startsWith('$$')) continue;
    if (!NAME.test(name)) return 'expected "${env:NAME}" with a name of letters, digits and "_"';
    if (env[name] === undefined) return `environment variable ${name} is not set`;
  }
  return null;
}

const replaceReferences = (text: string, lookUp: (name: string) => string | undefined): string =>
  text.replaceAll(REFERENCE, (reference: string, name: string) => (reference.startsWith('$$') ? reference.slice(1) : lookUp(name) ?? reference));
