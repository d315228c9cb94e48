// Buttons that act. They keep their size whatever they say, so that nothing moves under the pointer.
import type { ComponentChildren } from 'preact';
import { PAUSE_SPANS, type PauseSpan } from '../../supervisor/contract/pause.ts';
import { type Act, actKey } from '../act.ts';
import type { Store } from '../store.ts';
import { Menu, type MenuChoice } from './menu.tsx';

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
  readonly kind?: 'plain' | 'quiet';
  readonly children: ComponentChildren;
  readonly act: (span: PauseSpan) => Act;
}

export function PauseMenu({ store, label, isOff = false, kind = 'plain', children, act }: PauseMenuProps) {
  return <Menu label={label} isOff={isOff} kind={kind} choices={pauseChoices(store, act)}>{children}</Menu>;
}

/** How long people pause for, as choices of a menu. */
export const pauseChoices = (store: Store, act: (span: PauseSpan) => Act): readonly MenuChoice[] =>
  PAUSE_SPANS.map(({ span, label }) => ({ label, choose: () => void store.act(act(span)) }));
