// What Upkeep keeps on disk, where, and how much it takes.
import { ActButton } from '../parts/controls.tsx';
import { Failed, Loading } from '../parts/notice.tsx';
import type { Store } from '../store.ts';
import { useAnswer } from '../use-answer.ts';
import { describeStorage } from './settings-view.ts';

/** Sizes move slowly. */
const EVERY_MS = 30_000;

export function DataOnDisk({ store }: { readonly store: Store }) {
  const asked = useAnswer(store, 'storage', {}, { everyMs: EVERY_MS });
  return (
    <section class="card" aria-labelledby="data">
      <h2 id="data">Data</h2>
      {asked.kind === 'loading' && <Loading what="what is on disk" />}
      {asked.kind === 'failed' && <Failed message={asked.message} />}
      {asked.kind === 'ready' && <dl class="fact-list">{describeStorage(asked.value).map(({ label, value }) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>}
      {store.desktop !== null && <div class="actions"><ActButton store={store} act={{ kind: 'open-data-folder' }}>Open folder</ActButton></div>}
    </section>
  );
}
