// JSON with comments, read so that every value can be pointed at: the value, the tree with its positions, and what is wrong with the text.
// Knows nothing of services.
import { parseTree, printParseErrorCode, stripComments, type Node } from 'jsonc-parser';

export type JsonPath = readonly PropertyKey[];

/** A mistake in the text, at an offset into it. */
export interface TextMistake { readonly offset: number; readonly message: string }

export interface JsonText {
  readonly text: string;
  readonly root: Node | undefined;
  readonly mistakes: readonly TextMistake[];
  /** Whether everything that was written could be read in spite of the mistakes. */
  readonly complete: boolean;
  /** Nothing but space and comments. */
  readonly blank: boolean;
}

const WORDS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'expected a value: a text in double quotes, a number, true, false, null, {…} or […]',
  InvalidNumberFormat: 'expected a number',
  PropertyNameExpected: 'expected a key in double quotes',
  ValueExpected: 'expected a value',
  ColonExpected: 'expected a colon after the key',
  CommaExpected: 'expected a comma',
  CloseBraceExpected: 'expected "}" to close an object',
  CloseBracketExpected: 'expected "]" to close a list',
  EndOfFileExpected: 'expected the end of the file',
  InvalidCommentToken: 'expected a value or a comment',
  UnexpectedEndOfComment: 'expected "*/" to close the comment',
  UnexpectedEndOfString: 'expected a closing double quote on the same line',
  UnexpectedEndOfNumber: 'expected a digit',
  InvalidUnicode: 'expected four hexadecimal digits after "\\u"',
  InvalidEscapeCharacter: 'expected one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u after the backslash',
  InvalidCharacter: 'expected an escape such as \\n or \\t instead of a control character',
};

export function readJsonText(text: string): JsonText {
  const errors: { error: number; offset: number; length: number }[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const names = errors.map(({ error }) => String(printParseErrorCode(error)));
  const mistakes = errors.map(({ offset }, index) => ({ offset, message: WORDS[names[index] ?? ''] ?? 'expected JSON' }));
  return { text, root, mistakes, complete: names.every((name) => name === 'CommaExpected'), blank: stripComments(text).trim() === '' };
}

/** The entries of an object node that have both key and value, in the order of the text. */
export function entriesOf(node: Node): { key: string; keyNode: Node; value: Node }[] {
  if (node.type !== 'object') return [];
  return (node.children ?? []).flatMap(({ children: [keyNode, value] = [] }) =>
    keyNode === undefined || value === undefined ? [] : [{ key: String(keyNode.value), keyNode, value }]);
}

/** Where a path leads: its value, its key, or, when something on the way is missing, the last thing that is there. */
export function locate(root: Node, path: JsonPath): { node: Node; keyNode: Node | null; found: boolean } {
  let node = root;
  let keyNode: Node | null = null;
  for (const segment of path) {
    const entry = typeof segment === 'number'
      ? { keyNode: null, value: node.type === 'array' ? node.children?.[segment] : undefined }
      : entriesOf(node).find(({ key }) => key === segment);
    if (entry?.value === undefined) return { node, keyNode: null, found: false };
    node = entry.value;
    keyNode = entry.keyNode;
  }
  return { node, keyNode, found: true };
}

/** What a path leads to in a value; undefined where it leads nowhere. */
export function valueAt(value: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((inside, segment) => (typeof inside === 'object' && inside !== null ? new Map<string, unknown>(Object.entries(inside)).get(String(segment)) : undefined), value);
}

/** The second and later uses of a key within one object. The first one counts. */
export function findDuplicateKeys(root: Node): { node: Node; first: Node; path: JsonPath }[] {
  const visit = (node: Node, path: JsonPath): { node: Node; first: Node; path: JsonPath }[] => {
    if (node.type === 'array') return (node.children ?? []).flatMap((child, index) => visit(child, [...path, index]));
    const firsts = new Map<string, Node>();
    return entriesOf(node).flatMap(({ key, keyNode, value }) => {
      const first = firsts.get(key);
      if (first !== undefined) return [{ node: keyNode, first, path }];
      firsts.set(key, keyNode);
      return visit(value, [...path, key]);
    });
  };
  return visit(root, []);
}

/** "services.api.checks[0].port"; keys that are no plain word stand in brackets. */
export function writePath(path: JsonPath): string {
  return path.map((segment, index) => {
    if (typeof segment === 'number') return `[${segment}]`;
    const key = String(segment);
    if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key)) return `[${JSON.stringify(key)}]`;
    return index === 0 ? key : `.${key}`;
  }).join('');
}

/** Line and column of an offset, both from 1. Columns count UTF-16 units, as editors do. */
export function createPositions(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0, ...Array.from(text.matchAll(/\r\n|\n|\r/g), ({ 0: end, index }) => index + end.length)];
  return (offset) => {
    const line = Math.max(1, starts.findLastIndex((start) => start <= offset) + 1);
    return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
  };
}
