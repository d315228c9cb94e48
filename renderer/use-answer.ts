// Asks a reading command for as long as a component is shown, and again when something that matters has happened.
// What was known stays shown while it is asked again, so nothing flickers.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CommandInput, CommandName, CommandResult } from '../supervisor/contract/api.ts';
import type { UpkeepEvent } from '../supervisor/contract/event.ts';
import { isSame } from '../supervisor/contract/same.ts';
import type { Store } from './store.ts';

export type Asked<Value> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly value: Value }
  | { readonly kind: 'failed'; readonly message: string };

export interface AskAgain {
  /** Ask again after events for which this is true; many at once are one question. Default: never. */
  readonly after?: (event: UpkeepEvent) => boolean;
  /** Ask again each time this has passed. Default: never. */
  readonly everyMs?: number;
}

/** Many events at once are one question. */
const GATHER_MS = 250;
const NOBODY: Asked<never> = { kind: 'failed', message: 'Nobody answers at the moment. This appears as soon as somebody does.' };

export function useAnswer<Name extends CommandName>(store: Store, name: Name, input: CommandInput<Name>, again: AskAgain = {}): Asked<CommandResult<Name>> {
  const [asked, setAsked] = useState<Asked<CommandResult<Name>>>({ kind: 'loading' });
  const isLive = store.isLive.value;
  const latest = useRef(again);
  latest.current = again;
  const key = JSON.stringify([name, input]);
  const { everyMs } = again;

  useEffect(() => {
    setAsked({ kind: 'loading' });
  }, [key]);

  useEffect(() => {
    if (!isLive) return undefined;
    let isOver = false;
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      const answer = await store.ask(name, input);
      if (isOver) return;
      setAsked((before) => {
        if (!answer.ok) return before.kind === 'ready' ? before : { kind: 'failed', message: answer.error.message };
        return before.kind === 'ready' && isSame(before.value, answer.value) ? before : { kind: 'ready', value: answer.value };
      });
    };
    void ask();
    const stopListening = store.onEvent((event) => {
      if (latest.current.after?.(event) !== true) return;
      gathering ??= setTimeout(() => {
        gathering = undefined;
        void ask();
      }, GATHER_MS);
    });
    const timer = everyMs === undefined ? undefined : setInterval(() => void ask(), everyMs);
    return () => {
      isOver = true;
      clearTimeout(gathering);
      clearInterval(timer);
      stopListening();
    };
    // `input` is new on every drawing; `key` says whether it says something else.
  }, [store, key, isLive, everyMs]);

  return asked.kind === 'loading' && !isLive && store.link.value.kind !== 'starting' ? NOBODY : asked;
}
