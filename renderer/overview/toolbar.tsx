// Search, filter and order of the services. "/" goes to the search from anywhere on the overview, Escape empties it.
import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ServiceSnapshot } from '../../supervisor/contract/snapshot.ts';
import { StateMark } from '../parts/mark.tsx';
import { type Choice, countStatuses, type Sort, SORTS } from './choice.ts';
import type { Session } from './session.ts';

const SORT_WORDS: Readonly<Record<Sort, string>> = { file: 'As in services.json', worst: 'Worst first', name: 'By name', slowest: 'Slowest first' };

export interface ToolbarProps { readonly session: Session; readonly services: readonly ServiceSnapshot[]; readonly found: number }

export function Toolbar({ session: { choice }, services, found }: ToolbarProps) {
  const field = useRef<HTMLInputElement>(null);
  const { search, status, sort } = choice.value;
  const change = (next: Partial<Choice>) => { choice.value = { ...choice.value, ...next }; };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'ArrowDown') document.querySelector<HTMLElement>('.service .name')?.focus();
    else if (event.key === 'Escape' && search !== '') change({ search: '' });
    else if (event.key === 'Escape') event.currentTarget.blur();
    else return;
    event.preventDefault();
  };
  return (
    <div class="toolbar" role="search" aria-label="Services">
      <div class="search">
        <input
          ref={field} type="text" value={search} placeholder="Search" aria-label="Search services" aria-keyshortcuts="/" autocomplete="off" spellcheck={false}
          onInput={({ currentTarget: { value } }) => change({ search: value })} onKeyDown={onKeyDown}
        />
        <kbd aria-hidden="true">/</kbd>
      </div>
      <div class="chips" role="group" aria-label="Show">
        <button type="button" class="chip" aria-pressed={status === null} onClick={() => change({ status: null })}>All <span class="number">{services.length}</span></button>
        {countStatuses(services, status).map(({ status: state, count }) => (
          <button key={state} type="button" class="chip" aria-pressed={status === state} onClick={() => change({ status: status === state ? null : state })}>
            <StateMark mark={state} />{STATE_WORDS[state]} <span class="number">{count}</span>
          </button>
        ))}
      </div>
      <label class="sort">
        <span class="unseen">Order</span>
        <select value={sort} onChange={({ currentTarget: { value } }) => change({ sort: SORTS.find((known) => known === value) ?? 'file' })}>
          {SORTS.map((known) => <option key={known} value={known}>{SORT_WORDS[known]}</option>)}
        </select>
      </label>
      <p class="unseen" role="status">{search === '' && status === null ? '' : `${found} of ${services.length} services`}</p>
    </div>
  );
}

const STATE_WORDS: Readonly<Record<ServiceSnapshot['status'], string>> = {
  up: 'Up', degraded: 'Degraded', down: 'Down', healing: 'Restarting', unknown: 'Unknown', paused: 'Paused', stopped: 'Stopped',
};

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.matches('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]');
