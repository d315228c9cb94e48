// Reads the log of a service for as long as it is shown, again and again while the page can be seen, and at once when asked.
// Lines that were read before stay, so that a reader does not lose his place.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Store } from '../store.ts';
import { joinLog } from './log-lines.ts';

const LINES = 100;
const FOLLOW_MS = 2_000;

export type LogState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly source: string | null; readonly lines: readonly string[] }
  | { readonly kind: 'failed'; readonly message: string };

export interface LogReading { readonly log: LogState; readonly isFollowing: boolean; refresh(): void }

export function useLog(store: Store, service: string): LogReading {
  const [log, setLog] = useState<LogState>({ kind: 'loading' });
  const isFollowing = useVisible() && store.isLive.value;
  const read = useCallback(async (isOver: () => boolean) => {
    const answer = await store.ask('log', { service, lines: LINES });
    if (!isOver()) setLog((before) => {
      if (!answer.ok) return before.kind === 'ready' ? before : { kind: 'failed', message: answer.error.message };
      const { source, lines } = answer.value;
      const known = before.kind === 'ready' ? before.lines : [];
      const joined = joinLog(known, lines);
      return before.kind === 'ready' && joined === known && before.source === source ? before : { kind: 'ready', source, lines: joined };
    });
  }, [store, service]);
  useEffect(() => {
    if (!isFollowing) return undefined;
    let isOver = false;
    const again = () => void read(() => isOver);
    again();
    const timer = setInterval(again, FOLLOW_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [read, isFollowing]);
  return { log, isFollowing, refresh: () => void read(() => false) };
}

function useVisible(): boolean {
  const [isVisible, setVisible] = useState(() => document.visibilityState === 'visible');
  useEffect(() => {
    const look = () => setVisible(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return isVisible;
}
