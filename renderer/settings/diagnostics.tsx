// What one needs to know about this installation to help it; can be copied as text.
import { useEffect, useState } from 'preact/hooks';
import type { DiagnosticsSection } from '../../supervisor/contract/diagnostics.ts';
import { ActButton } from '../parts/controls.tsx';
import { Failed, Loading } from '../parts/notice.tsx';
import type { Store } from '../store.ts';
import { useAnswer } from '../use-answer.ts';
import { diagnosticsText } from './settings-view.ts';

export function Diagnostics({ store }: { readonly store: Store }) {
  const asked = useAnswer(store, 'diagnostics', {});
  const ofDesktop = useDesktopDiagnostics(store);
  const sections = [...(asked.kind === 'ready' ? asked.value.sections : []), ...ofDesktop];
  return (
    <section class="card" aria-labelledby="diagnostics">
      <h2 id="diagnostics">Diagnostics</h2>
      {asked.kind === 'loading' && <Loading what="diagnostics" />}
      {asked.kind === 'failed' && <Failed message={asked.message} />}
      {sections.map((section) => <Facts key={section.title} section={section} />)}
      {sections.length > 0 && (
        <div class="actions"><ActButton store={store} act={{ kind: 'copy', text: diagnosticsText(sections), what: 'The diagnostics are copied.' }}>Copy diagnostics</ActButton></div>
      )}
    </section>
  );
}

function useDesktopDiagnostics({ desktop }: Store): readonly DiagnosticsSection[] {
  const [sections, setSections] = useState<readonly DiagnosticsSection[]>([]);
  useEffect(() => {
    let isOver = false;
    void desktop?.('desktopDiagnostics', {}).then((answer) => { if (!isOver && answer.ok) setSections(answer.value.sections); });
    return () => { isOver = true; };
  }, [desktop]);
  return sections;
}

function Facts({ section: { title, facts } }: { readonly section: DiagnosticsSection }) {
  return (
    <div>
      <h3>{title}</h3>
      <dl class="fact-list">
        {facts.map(({ label, value, state }, index) => (
          <div key={`${label} ${index}`} class={state === null ? undefined : `is-${state}`}>
            <dt>{label}</dt>
            <dd>{value}{state === 'bad' && <span class="word"> needs attention</span>}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
