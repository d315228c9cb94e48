// A button that opens a menu: with the mouse, or with arrow keys, Home, End and Escape.
// The list lies above the page (a popover), so no row clips it and nothing moves when it opens.
import { useSignal } from '@preact/signals';
import type { ComponentChildren, TargetedKeyboardEvent, TargetedToggleEvent } from 'preact';
import { useId, useRef } from 'preact/hooks';

export interface MenuChoice {
  readonly label: string;
  readonly choose: () => void;
  /** Stands there, cannot be chosen. */
  readonly isOff?: boolean;
  /** A line above it: something of another kind begins. */
  readonly isFirstOfItsKind?: boolean;
}
export interface MenuProps {
  /** For screen readers: what is acted on. */
  readonly label: string;
  readonly choices: readonly MenuChoice[] | (() => readonly MenuChoice[]);
  readonly isOff?: boolean;
  readonly kind?: 'plain' | 'primary' | 'quiet' | 'icon';
  /** A class of its own. */
  readonly look?: string;
  readonly children: ComponentChildren;
}

const GAP_PX = 4;

export function Menu({ label, choices: given, isOff = false, kind = 'plain', look = '', children }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  // A list of hundreds of rows has hundreds of menus; their choices exist only while they are looked at.
  const isOpen = useSignal(false);
  const list = () => (typeof given === 'function' ? given() : given);
  const place = ({ newState, currentTarget }: TargetedToggleEvent<HTMLDivElement>) => {
    if (newState !== 'open') return;
    isOpen.value = true;
    if (button.current !== null) placeBelow(currentTarget, button.current.getBoundingClientRect(), list().length);
  };
  const whenToggled = ({ newState, currentTarget }: TargetedToggleEvent<HTMLDivElement>) => {
    button.current?.setAttribute('aria-expanded', String(newState === 'open'));
    if (newState === 'open') currentTarget.querySelector('button')?.focus();
    // Only now: as long as it closes, the choice with the focus must be there to hand it back to the button.
    else isOpen.value = false;
  };
  return (
    <>
      <button
        ref={button} type="button" class={`button is-${kind} opens-menu ${look}`} aria-label={label} aria-haspopup="menu" aria-expanded="false" aria-disabled={isOff}
        popovertarget={id} onClick={(event) => { if (isOff) event.preventDefault(); }}
      >
        {children}
      </button>
      <div id={id} class="menu" role="menu" aria-label={label} popover="auto" onBeforeToggle={place} onToggle={whenToggled} onKeyDown={moveInMenu}>
        {isOpen.value && list().map(({ label: words, choose, isOff: cannot = false, isFirstOfItsKind = false }) => (
          <button
            key={words} type="button" role="menuitem" tabIndex={-1} class={isFirstOfItsKind ? 'has-line' : undefined} aria-disabled={cannot}
            onClick={({ currentTarget }) => {
              if (cannot) return;
              currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();
              choose();
            }}
          >
            {words}
          </button>
        ))}
      </div>
    </>
  );
}

/** Below its button, or above it where there is more room; its right edge at that of the button as long as it fits. */
function placeBelow(menu: HTMLElement, button: DOMRect, choices: number): void {
  const { clientWidth, clientHeight } = document.documentElement;
  const needsPx = choices * 34 + 24;
  const isAbove = clientHeight - button.bottom < needsPx && button.top > clientHeight - button.bottom;
  const { style } = menu;
  style.top = isAbove ? 'auto' : `${button.bottom + GAP_PX}px`;
  style.bottom = isAbove ? `${clientHeight - button.top + GAP_PX}px` : 'auto';
  const isLeft = button.right < 230;
  style.left = isLeft ? `${Math.max(button.left, GAP_PX)}px` : 'auto';
  style.right = isLeft ? 'auto' : `${Math.max(clientWidth - button.right, GAP_PX)}px`;
}

function moveInMenu(event: TargetedKeyboardEvent<HTMLDivElement>): void {
  const items = [...event.currentTarget.querySelectorAll('button')];
  const at = items.findIndex((item) => item === document.activeElement);
  const next = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === 'Tab') event.currentTarget.hidePopover();
  if (next === undefined) return;
  event.preventDefault();
  items[next]?.focus();
}
