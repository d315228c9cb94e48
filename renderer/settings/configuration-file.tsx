// services.json: where it is, whether it is in force, and every mistake at its place.
import { ActButton } from '../parts/controls.tsx';
import type { Store } from '../store.ts';
import { describeConfiguration } from './settings-view.ts';

export function ConfigurationFile({ store }: { readonly store: Store }) {
  const { file, state, mistakes } = describeConfiguration(store.link.value, store.snapshot.value);
  return (
    <section class="card" aria-labelledby="configuration">
      <h2 id="configuration">services.json</h2>
      {file !== '' && <p class="path">{file}</p>}
      <p>{state}</p>
      {mistakes.length > 0 && (
        <ul class="mistakes" aria-label="Mistakes in services.json">
          {mistakes.map(({ text, line }) => (
            <li key={text}>
              <code>{text}</code>
              {store.desktop !== null && line !== null && (
                <ActButton store={store} act={{ kind: 'open-configuration', line }} label={`Open services.json, line ${line}`}>Line {line}</ActButton>
              )}
            </li>
          ))}
        </ul>
      )}
      <div class="actions">
        {store.desktop !== null && <ActButton store={store} act={{ kind: 'open-configuration' }}>Open in editor</ActButton>}
        {file !== '' && <ActButton store={store} act={{ kind: 'copy', text: file, what: 'The path is copied.' }} kind="quiet">Copy path</ActButton>}
      </div>
    </section>
  );
}
