// What the charts show, as numbers: for screen readers, and for those who want to read rather than look.
import { useState } from 'preact/hooks';
import { tableOf } from './moment.ts';
import type { Slot } from './slots.ts';

export function FiguresTable({ slots, nowMs, name }: { readonly slots: readonly Slot[]; readonly nowMs: number; readonly name: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="chart-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The same as a table</summary>
      {isOpen && (
        <div class="chart-table-scroll" tabIndex={0} role="region" aria-label={`Table of latency and availability of ${name}`}>
          <table>
            <thead><tr><th scope="col">Time</th><th scope="col">Up</th><th scope="col">Down</th><th scope="col">Unknown</th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">Rounds</th></tr></thead>
            <tbody>
              {tableOf(slots, nowMs).map(({ key, when, availability, down, unknown, p50, p95, checks }) => (
                <tr key={key}><th scope="row">{when}</th><td>{availability}</td><td>{down}</td><td>{unknown}</td><td>{p50}</td><td>{p95}</td><td>{checks}</td></tr>
              ))}
            </tbody>
          </table>
          <p>Where a row holds several measurements, p50 is the middle one and p95 the highest.</p>
        </div>
      )}
    </details>
  );
}
