// The few results that every service manager gives, and the one line it quotes from a program.
import type { Refusal } from '../contract/reason.ts';
import type { ActResult } from '../ports.ts';

export const DONE: ActResult = { ok: true };

/** `message` says what happened and what to do, without the name of the service: that is put in front of it. */
export const refuse = (code: Refusal['code'], message: string): ActResult => ({ ok: false, refusal: { code, message } });

/** Nobody waits for this result any more. */
export const calledOff = (): ActResult => refuse('failed', 'called off, because something else was asked for meanwhile.');

/** The last line a program wrote that says something, short enough to be part of a sentence, without its full stop. */
export function lastLine(output: string): string {
  const line = output.split('\n').map((text) => text.trim()).findLast((text) => text !== '') ?? '';
  return line.length > MAX_QUOTE ? `${line.slice(0, MAX_QUOTE)}…` : line.replace(/\.$/, '');
}
const MAX_QUOTE = 200;
