// The timeline: what happened across all services, newest first, narrowed to a kind and a service.
import { useEffect, useState } from 'preact/hooks';
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import { Empty, Failed, Loading } from '../parts/notice.tsx';
import { hashOf } from '../route.ts';
import type { Store } from '../store.ts';
import { useAnswer } from '../use-answer.ts';
import { describeHistory, isKind, typesOf, withNewest, type HappeningView, type HistoryView, type Kind } from './history-view.ts';
import './history.css';

/** Events a page has. */
const PAGE = 200;

export interface HistoryScreenProps { readonly store: Store; readonly service: string | null; readonly kind: string | null }

export function HistoryScreen({ store, service, kind: wanted }: HistoryScreenProps) {
  const kind = isKind(wanted) ? wanted : null;
  const types = typesOf(kind);
  const asked = useAnswer(store, 'history', { types, limit: PAGE, ...(service !== null && { service }) }, {
    after: (event) => types.includes(event.type) && (service === null || event.service === service),
  });
  const { events, earlier } = useTimeline(store, service, kind, asked.kind === 'ready' ? asked.value : null);
  const view = describeHistory({ snapshot: store.snapshot.value, events, kind, service, nowMs: store.nowMs.value });
  return (
    <div class="screen">
      <h1>History</h1>
      <Filters view={view} service={service} kind={kind} />
      {asked.kind === 'loading' && <Loading what="the history" />}
      {asked.kind === 'failed' && <Failed message={asked.message} />}
      {asked.kind === 'ready' && events.length === 0 && <Empty title="Nothing of this kind has happened yet." />}
      {view.days.map(({ day, happenings }) => (
        <section key={day} aria-label={day}>
          <h2>{day}</h2>
          <ol class="timeline">{happenings.map((happening) => <Happening key={happening.key} happening={happening} />)}</ol>
        </section>
      ))}
      {earlier !== null && <button type="button" class="button is-plain" aria-busy={earlier.isAsking} onClick={() => void earlier.ask()}>Show earlier</button>}
    </div>
  );
}

interface Timeline {
  /** Newest first. */
  readonly events: readonly UpkeepEvent[];
  /** null: there is nothing older. */
  readonly earlier: { readonly isAsking: boolean; ask(): Promise<void> } | null;
}

/** The newest page grows at its front; what it lets go of at its end, and older pages asked for, stay shown. */
function useTimeline(store: Store, service: string | null, kind: Kind | null, newest: readonly UpkeepEvent[] | null): Timeline {
  const [older, setOlder] = useState<readonly UpkeepEvent[]>([]);
  const [isWhole, setIsWhole] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  useEffect(() => {
    setOlder([]);
    setIsWhole(false);
  }, [service, kind]);
  useEffect(() => {
    if (newest !== null) setOlder((known) => (known.length === 0 ? newest : withNewest(newest, known)));
  }, [newest]);
  const events = newest === null ? [] : withNewest(newest, older);
  const oldest = events.at(-1);
  if (oldest === undefined || isWhole || events.length < PAGE) return { events, earlier: null };
  const ask = async () => {
    if (isAsking) return;
    setIsAsking(true);
    const answer = await store.ask('history', { types: typesOf(kind), limit: PAGE, before: oldest.at, ...(service !== null && { service }) });
    setIsAsking(false);
    if (!answer.ok) return store.say({ ok: false, text: answer.error.message });
    setOlder((known) => [...known, ...answer.value]);
    setIsWhole(answer.value.length < PAGE);
  };
  return { events, earlier: { isAsking, ask } };
}

function Filters({ view, service, kind }: { readonly view: HistoryView; readonly service: string | null; readonly kind: Kind | null }) {
  return (
    <div class="filters">
      <nav class="chips" aria-label="Kinds">
        {view.kinds.map(({ label, hash, isCurrent }) => <a key={label} class="chip" href={hash} aria-current={isCurrent ? 'true' : undefined}>{label}</a>)}
      </nav>
      <label class="field">
        <span>Service</span>
        <select value={service ?? ''} onChange={({ currentTarget: { value } }) => { location.hash = hashOf({ screen: 'history', kind, service: value === '' ? null : value }); }}>
          <option value="">All services</option>
          {view.services.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
        </select>
      </label>
    </div>
  );
}

function Happening({ happening: { at, mark, word, service, reason, incident } }: { readonly happening: HappeningView }) {
  return (
    <li class={`is-${mark}`}>
      <span class="shape" aria-hidden="true" />
      <time dateTime={at.iso} title={at.exact}>{at.text}</time>
      <p>
        {service !== null && <><a href={service.hash}>{service.name}</a> </>}<strong>{word}</strong>
        {incident !== null && <> <a class="incident" href={incident} aria-label={`Incident of ${service?.name ?? ''}`}>incident</a></>}
      </p>
      <p class="reason">{reason}</p>
    </li>
  );
}
