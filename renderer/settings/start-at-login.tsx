// Whether Upkeep starts when the person logs in, as the system says it.
import { useEffect, useState } from 'preact/hooks';
import type { PanelBridge, StartAtLogin as State } from '../bridge.ts';
import type { Store } from '../store.ts';

export interface StartAtLoginProps { readonly store: Store; readonly desktop: NonNullable<PanelBridge['desktop']> }

export function StartAtLogin({ store, desktop }: StartAtLoginProps) {
  const [state, setState] = useState<State | null>(null);
  useEffect(() => {
    let isOver = false;
    void desktop('startAtLogin', {}).then((answer) => { if (!isOver && answer.ok) setState(answer.value); });
    return () => { isOver = true; };
  }, [desktop]);
  const change = async (enabled: boolean) => {
    const answer = await desktop('setStartAtLogin', { enabled });
    if (answer.ok) setState(answer.value);
    else store.say({ ok: false, text: answer.error.message });
  };
  return (
    <section class="card" aria-labelledby="login">
      <h2 id="login">Start</h2>
      <label class="choice">
        <input type="checkbox" checked={state?.enabled ?? false} disabled={state === null} onChange={({ currentTarget: { checked } }) => void change(checked)} />
        <span>Start Upkeep when I log in</span>
      </label>
      {state?.note != null && <p class="facts">{state.note}</p>}
    </section>
  );
}
