// What stands below the name of a service: its reason, a restart step by step, or why the last one failed.
import type { Below, CourseStep } from './row-view.ts';
import type { Session } from './session.ts';

export interface RowBelowProps { readonly session: Session; readonly below: Below; readonly name: string }

export function RowBelow({ session, below, name }: RowBelowProps) {
  switch (below.kind) {
    case 'reason': return <p class="reason" title={below.text}>{below.text}</p>;
    case 'done': return <p class="reason is-done">{below.text}</p>;
    case 'course': return <ol class="course" aria-label={`Restart of ${name}`}>{below.steps.map((step) => <Step key={step.word} step={step} />)}</ol>;
    case 'failed': return (
      <div class="failed">
        <p class="reason" title={below.text}>{below.text}</p>
        <button
          type="button" class="button is-icon" aria-label={`Dismiss: the restart of ${name} failed`} title="Dismiss"
          onClick={() => { session.dismissed.value = new Set([...session.dismissed.value, below.key]); }}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true"><path d="m4.5 4.5 7 7m0-7-7 7" /></svg>
        </button>
      </div>
    );
  }
}

function Step({ step: { word, state, took } }: { readonly step: CourseStep }) {
  return (
    <li class={`is-${state}`} aria-current={state === 'now' ? 'step' : undefined}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {state === 'done' ? <path d="m3.5 8.5 3 3 6-7" /> : state === 'now' ? <circle cx="8" cy="8" r="4" class="full" /> : <circle cx="8" cy="8" r="3.4" />}
      </svg>
      {word}{took !== null && <span class="took"> {took}</span>}
    </li>
  );
}
