// How a service stands: the course of its restart, its checks with evidence, its breaker and its budget.
import type { ServiceSnapshot } from '../../supervisor/contract/snapshot.ts';
import { Time } from '../parts/time.tsx';
import { RestartCourse } from './restart-course.tsx';
import type { CheckView, ServicePage } from './service-view.ts';

export interface StandingProps { readonly page: ServicePage; readonly heal: ServiceSnapshot['heal']; readonly hasManager: boolean }

export function Standing({ page, heal, hasManager }: StandingProps) {
  return (
    <div class="two-columns">
      <section class="box" aria-label="Restarts and breaker">
        <h2>Restarts and breaker</h2>
        {hasManager && <RestartCourse heal={heal} atRest={page.course} />}
        <dl class="named-facts">
          {page.facts.map(({ label, value, note }) => (
            <div key={label}><dt>{label}</dt><dd>{value}{note !== null && <span class="soft"> {note}</span>}</dd></div>
          ))}
        </dl>
      </section>
      <section class="box" aria-label="Checks">
        <h2>Checks</h2>
        {page.checks.length === 0
          ? <p class="soft">{hasManager ? 'None: what its manager says is all there is to go by.' : 'None has run yet.'}</p>
          : <ul class="check-list">{page.checks.map((check) => <CheckRow key={check.key} check={check} />)}</ul>}
      </section>
    </div>
  );
}

function CheckRow({ check }: { readonly check: CheckView }) {
  const { label, mark, word, latency, at, evidence } = check;
  return (
    <li class={`is-${mark}`}>
      <span class="dot" aria-hidden="true" />
      <span class="label">{label}</span>
      <span class="word">{word}</span>
      <span class="latency">{latency}</span>
      <span class="age">{at !== null && <Time time={at} />}</span>
      {evidence !== null && <span class="evidence">{evidence}</span>}
    </li>
  );
}
