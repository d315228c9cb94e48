// One heal: its outcome in a line, and its proof for the one who opens it.
import { Time } from '../parts/time.tsx';
import type { HealView } from './heal-view.ts';

export function HealEntry({ heal, isOpen = false }: { readonly heal: HealView; readonly isOpen?: boolean }) {
  const { mark } = heal;
  if (heal.facts.length === 0) return <div class={`heal-entry is-${mark}`}><HealLine heal={heal} /></div>;
  return (
    <details class={`heal-entry is-${mark}`} open={isOpen}>
      <summary><HealLine heal={heal} /></summary>
      <Proof heal={heal} />
    </details>
  );
}

function HealLine({ heal: { title, at } }: { readonly heal: HealView }) {
  return <><span class="outcome-shape" aria-hidden="true" /><span class="what">{title}</span><Time time={at} /></>;
}

export function Proof({ heal: { facts, steps, log, incident, at: ended } }: { readonly heal: HealView }) {
  return (
    <div class="proof">
      <dl class="named-facts">{facts.map(({ label, value }) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>
      {steps.length > 0 && (
        <ol class="step-times" aria-label="Steps">
          {steps.map(({ key, label, at, took }) => <li key={key}><span class="at">{at}</span><span>{label}</span><span class="took">{took}</span></li>)}
        </ol>
      )}
      {log.length > 0 && <><p class="soft">The last lines it wrote before:</p><pre class="log-lines" tabIndex={0} role="region" aria-label={`The last lines before the restart of ${ended.exact}`}>{log.join('\n')}</pre></>}
      {incident !== null && <a href={incident}>The whole incident</a>}
    </div>
  );
}
