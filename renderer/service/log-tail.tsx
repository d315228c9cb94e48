// The last lines a service wrote. Followed while it is open and the page can be seen; what a person has scrolled to stays where it is.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { count } from '../parts/words.ts';
import type { Store } from '../store.ts';
import { useLog } from './use-log.ts';

/** As good as at the end: rounding must not stop the following. */
const NEAR_PX = 12;

export interface LogTailProps { readonly store: Store; readonly service: string; readonly name: string; readonly isOpenAtFirst: boolean }

export function LogTail({ store, service, name, isOpenAtFirst }: LogTailProps) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  return (
    <details class="box log-tail" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary><h2>Log</h2></summary>
      {isOpen && <Log store={store} service={service} name={name} />}
    </details>
  );
}

function Log({ store, service, name }: Omit<LogTailProps, 'isOpenAtFirst'>) {
  const { log, isFollowing, refresh } = useLog(store, service);
  if (log.kind === 'failed') return <p class="soft" role="alert">The log cannot be read: {log.message}</p>;
  if (log.kind === 'loading') return <p class="soft log-wait" role="status">Reading the log …</p>;
  const { source, lines } = log;
  const copy = () => { if (lines.length > 0) void store.act({ kind: 'copy', text: lines.join('\n'), what: `${count(lines.length, 'line')} of the log copied.` }); };
  return (
    <>
      <div class="log-head">
        <p class="soft">{source === null ? 'Nobody keeps what it writes.' : `From ${source}. ${isFollowing ? 'New lines appear by themselves.' : 'It is not followed now.'}`}</p>
        <div class="actions">
          <button type="button" class="button is-quiet" onClick={refresh}>Refresh</button>
          <button type="button" class="button is-quiet" aria-disabled={lines.length === 0} onClick={copy}>Copy</button>
        </div>
      </div>
      {lines.length === 0 ? <p class="soft">It has written nothing yet.</p> : <Lines lines={lines} label={`Log of ${name}`} />}
    </>
  );
}

/** Goes along with the newest line until somebody scrolls away from it. */
function Lines({ lines, label }: { readonly lines: readonly string[]; readonly label: string }) {
  const box = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (box.current !== null && isAtEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  return (
    <pre
      ref={box} class="log-lines is-tail" tabIndex={0} role="region" aria-label={label}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => { isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_PX; }}
    >
      {lines.join('\n')}
    </pre>
  );
}
