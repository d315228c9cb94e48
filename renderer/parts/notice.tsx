// What stands where there is nothing to show: it is being asked for, there is none, or it could not be asked.
import type { ComponentChildren } from 'preact';

/** Appears only after a moment, so that what is quick does not flash. `what`: "the history". */
export function Loading({ what }: { readonly what: string }) {
  return <p class="notice is-loading" role="status"><span class="spinner" aria-hidden="true" />Loading {what} …</p>;
}

export interface EmptyProps { readonly title: string; /** What one can do about it. */ readonly children?: ComponentChildren }

export function Empty({ title, children }: EmptyProps) {
  return (
    <div class="notice is-empty">
      <p class="title">{title}</p>
      {children !== undefined && <div class="more">{children}</div>}
    </div>
  );
}

export interface FailedProps { readonly message: string; readonly tryAgain?: () => void }

export function Failed({ message, tryAgain }: FailedProps) {
  return (
    <div class="notice is-failed" role="alert">
      <p class="title">This cannot be shown.</p>
      <p class="more">{message}</p>
      {tryAgain !== undefined && <button type="button" class="button is-plain" onClick={tryAgain}>Try again</button>}
    </div>
  );
}
