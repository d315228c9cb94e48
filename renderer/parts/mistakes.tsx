// Mistakes in services.json, each with the way to its place.
import type { Store } from '../store.ts';
import { ActButton } from './controls.tsx';

/** "services.json:14:19 services.api.interval: …" stands at line 14. */
const PLACE = /^.*?:(\d+):\d+ /;

/** null: the mistake has no place. */
export function lineOf(mistake: string): number | null {
  const [, line] = PLACE.exec(mistake) ?? [];
  return line === undefined ? null : Number(line);
}

export function Mistakes({ store, mistakes }: { readonly store: Store; readonly mistakes: readonly string[] }) {
  return (
    <ul class="mistakes" aria-label="Mistakes in services.json">
      {mistakes.map((text) => {
        const line = lineOf(text);
        return (
          <li key={text}>
            <code>{text}</code>
            {store.desktop !== null && line !== null && <ActButton store={store} act={{ kind: 'open-configuration', line }} label={`Line ${line}: open services.json there`}>Line {line}</ActButton>}
          </li>
        );
      })}
    </ul>
  );
}
