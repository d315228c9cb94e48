// One thing that is wrong with a document, before it is given a line and a column.
import type { Node } from 'jsonc-parser';
import type { JsonPath } from './json-text.ts';

/** `at`: whether the message speaks of the value at `path` or of its key. */
export interface Mistake { readonly path: JsonPath; readonly at: 'value' | 'key'; readonly message: string }

/** The tree keeps the text as it was written; in the value variables are replaced. */
export interface Document { readonly root: Node; readonly value: unknown }
