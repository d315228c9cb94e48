// Buttons and menus of the panel. They keep their size whatever they say, so that nothing moves under the pointer.
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { PAUSE_SPANS, type PauseSpan } from '../../supervisor/contract/pause.ts';
import { type Act, actKey } from '../act.ts';
import type { Store } from '../store.ts';

export interface ActButtonProps {
  readonly store: Store;
  readonly act: Act;
  readonly children: ComponentChildren;
  /** For screen readers: what is acted on. */
  readonly label?: string;
  readonly isOff?: boolean;
  readonly kind?: 'plain' | 'primary' | 'quiet';
}

/** Busy while its act runs. `aria-disabled` instead of `disabled`: focus must not jump away from the button just pressed. */
export function ActButton({ store, act, children, label, isOff = false, kind = 'plain' }: ActButtonProps) {
  const isBusy = store.busy.value.has(actKey(act));
  return (
    <button
      type="button" class={`button is-${kind}`} aria-label={label} aria-busy={isBusy} aria-disabled={isOff || isBusy}
      onClick={() => { if (!isOff && !isBusy) void store.act(act); }}
    >
      {children}
    </button>
  );
}

export interface PauseMenuProps {
  readonly store: Store;
  readonly label: string;
  readonly isOff?: boolean;
  readonly children: ComponentChildren;
  readonly act: (span: PauseSpan) => Act;
}

export function PauseMenu({ store, label, isOff = false, children, act }: PauseMenuProps) {
  const details = useRef<HTMLDetailsElement>(null);
  const close = (focus: boolean) => {
    if (details.current === null || !details.current.open) return;
    details.current.open = false;
    if (focus) details.current.querySelector('summary')?.focus();
  };
  return (
    <details
      class="menu" ref={details}
      onKeyDown={(event) => { if (event.key === 'Escape') close(true); }}
      onFocusOut={(event) => { if (!(event.relatedTarget instanceof Node && details.current?.contains(event.relatedTarget))) close(false); }}
    >
      <summary class="button is-plain" aria-label={label} aria-disabled={isOff} onClick={(event) => { if (isOff) event.preventDefault(); }}>{children}</summary>
      <div class="choices">
        {PAUSE_SPANS.map(({ span, label: choice }) => (
          <button key={span} type="button" onClick={() => { close(true); void store.act(act(span)); }}>{choice}</button>
        ))}
      </div>
    </details>
  );
}
