// Answers how text reaches the person or the script: where to, and whether in colour.
// It knows nothing of what the text says.
import type { Writable } from 'node:stream';

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const;
export type Style = keyof typeof CODES;
export type Paint = (style: Style, text: string) => string;

export interface Terminal {
  /** Prints one line, or several. */
  print(text: string): void;
  /** In colour only when the reader asks for it. */
  readonly paint: Paint;
  /** Resolves when the reader has gone away (`upkeep watch | head -1`). */
  readonly gone: Promise<void>;
  /** Resolves when everything printed has been handed over, or the reader has gone away. */
  flush(): Promise<void>;
}

/** NO_COLOR wins over FORCE_COLOR, and FORCE_COLOR over what the stream is. */
export function wantsColour(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  const { NO_COLOR = '', FORCE_COLOR = '', TERM } = env;
  if (NO_COLOR !== '') return false;
  if (FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return stream.isTTY === true && TERM !== 'dumb';
}

export const plain: Paint = (_style, text) => text;
export const coloured: Paint = (style, text) => `\u001B[${CODES[style][0]}m${text}\u001B[${CODES[style][1]}m`;

export function openTerminal(stream: Writable & { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Terminal {
  let isGone = false;
  const gone = new Promise<void>((resolve, reject) => {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      isGone = true;
      // Nobody reads any more: an end like any other. A full disk is not.
      if (error.code === 'EPIPE') resolve();
      else reject(error);
    });
  });
  return {
    print(text) { if (!isGone) stream.write(`${text}\n`); },
    paint: wantsColour(stream, env) ? coloured : plain,
    gone,
    flush: () => Promise.race([gone, new Promise<void>((resolve) => { stream.write('', () => { resolve(); }); })]),
  };
}
