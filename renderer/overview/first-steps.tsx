// What stands in place of the services as long as there are none: how to name the first one.
import { ActButton } from '../parts/controls.tsx';
import { Empty } from '../parts/notice.tsx';
import type { Store } from '../store.ts';

const EXAMPLE = `"my-app": {
  "checks": [{ "type": "http", "url": "http://127.0.0.1:8080/" }],
  "manager": { "type": "systemd", "unit": "my-app" }
}`;

export function FirstSteps({ store, file }: { readonly store: Store; readonly file: string }) {
  return (
    <div class="first-steps">
      <Empty title="Name your first service.">
        <p>Put it under <code>"services"</code> in <code>{file}</code>. It is looked after as soon as the file is saved.</p>
        <pre tabIndex={0} aria-label="An example of a service"><code>{EXAMPLE}</code></pre>
        <div class="actions">
          {store.desktop !== null && <ActButton store={store} act={{ kind: 'open-configuration' }} kind="primary">Open services.json</ActButton>}
          <ActButton store={store} act={{ kind: 'copy', text: EXAMPLE, what: 'The example is copied.' }}>Copy the example</ActButton>
          <ActButton store={store} act={{ kind: 'copy', text: file, what: 'The path is copied.' }} kind="quiet">Copy the path</ActButton>
        </div>
      </Empty>
    </div>
  );
}
