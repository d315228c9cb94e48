// One incident from its first symptom to its end. One that lasts grows with what happens, and says what comes next.
import { useRef } from 'preact/hooks';
import { ActButton } from '../parts/controls.tsx';
import { StateMark } from '../parts/mark.tsx';
import { Empty, Failed, Loading } from '../parts/notice.tsx';
import { hashOf } from '../route.ts';
import { HealEntry } from '../service/heal-entry.tsx';
import { RestartCourse } from '../service/restart-course.tsx';
import type { Store } from '../store.ts';
import { useAnswer } from '../use-answer.ts';
import type { MomentView } from './incident-moments.ts';
import { writeIncidentText } from './incident-text.ts';
import { describeIncident, type IncidentView } from './incident-view.ts';
import '../service/service.css';
import './incident.css';

const NEW_EVERY_MS = 500;

export function IncidentScreen({ store, incident: id }: { readonly store: Store; readonly incident: string }) {
  const about = useRef<string | null>(null);
  // One that has only begun stands in no table yet.
  const isNew = about.current === null && store.services.value.some(({ incident }) => incident?.id === id);
  const asked = useAnswer(store, 'incident', { incident: id }, { after: (event) => event.service === undefined || event.service === about.current, ...(isNew && { everyMs: NEW_EVERY_MS }) });
  const nowMs = store.nowMs.value;
  if (asked.kind === 'failed') return <Other><Failed message={asked.message} /></Other>;
  if (asked.kind === 'loading') return <Other>{store.isLive.value ? <Loading what="the incident" /> : <Empty title="Upkeep does not answer, so the incident cannot be asked for." />}</Other>;
  if (asked.value === null && isNew) return <Other><Loading what="the incident" /></Other>;
  if (asked.value === null) return <Other><Empty title="There is no incident with this id.">It may be older than what is kept. The <a href={hashOf({ screen: 'history', service: null, kind: null })}>history</a> shows what there is.</Empty></Other>;
  const { incident, events } = asked.value;
  about.current = incident.service;
  const snapshot = store.snapshot.value;
  const service = store.services.value.find((one) => one.id === incident.service) ?? null;
  const view = describeIncident({ incident, events, service, alerts: snapshot?.alerts ?? [], nowMs });
  const write = () => writeIncidentText(view, snapshot?.version ?? '', Date.now());
  return (
    <div class="screen incident-page">
      <Head store={store} view={view} write={write} />
      <div class="incident-parts">
        <section class="box" aria-label="At a glance">
          <h2>At a glance</h2>
          <dl class="named-facts">{view.facts.map(({ label, value, exact }) => <div key={label} title={exact ?? undefined}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>
        </section>
        <section class="box" aria-label="What happened">
          <h2>What happened</h2>
          <ol class="moments">
            {view.moments.map((moment) => <Moment key={moment.key} moment={moment} />)}
            {view.now !== null && <Now now={view.now} heal={service?.heal ?? null} />}
          </ol>
        </section>
      </div>
    </div>
  );
}

function Other({ children }: { readonly children: preact.ComponentChildren }) {
  return <div class="screen incident-page"><h1>Incident</h1>{children}</div>;
}

function Head({ store, view, write }: { readonly store: Store; readonly view: IncidentView; readonly write: () => string }) {
  const { headline, mark, service, now } = view;
  return (
    <div class={`service-head is-${mark}`}>
      <a class="back" href={service.hash}><span aria-hidden="true">‹ </span>{service.name}</a>
      <div class="title"><StateMark mark={mark} /><h1>{headline}</h1></div>
      {now !== null && <div class="lead"><p class="reason">{now.reason}</p>{now.next.length > 0 && <p class="next">{now.next.join(' ')}</p>}</div>}
      <div class="actions" role="group" aria-label="Actions for this incident">
        {now !== null && <ActButton store={store} act={{ kind: 'restart', service: service.id }} kind="primary" isOff={!store.isLive.value || !now.canRestart}>Restart</ActButton>}
        {now !== null && <ActButton store={store} act={{ kind: 'check', service: service.id }} isOff={!store.isLive.value}>Check now</ActButton>}
        <button type="button" class="button is-quiet" onClick={() => void store.act({ kind: 'copy', text: write(), what: 'The incident is copied.' })}>Copy as text</button>
      </div>
    </div>
  );
}

function Moment({ moment }: { readonly moment: MomentView }) {
  const { mark, offset, exact, clock, title, text, heal, deliveries, isMinor } = moment;
  return (
    <li class={`moment is-${mark}${isMinor ? ' is-minor' : ''}`}>
      <time title={exact}>{offset}<span class="clock">{clock}</span></time>
      <span class="knot" aria-hidden="true" />
      <div class="told">
        {heal === null ? <p class="what">{title}</p> : <HealEntry heal={heal} />}
        {text !== null && text !== '' && <p class="soft">{text}</p>}
        {deliveries.length > 0 && <ul class="deliveries">{deliveries.map((line) => <li key={line}>{line}</li>)}</ul>}
      </div>
    </li>
  );
}

function Now({ now: { reason, next, course }, heal }: { readonly now: NonNullable<IncidentView['now']>; readonly heal: Parameters<typeof RestartCourse>[0]['heal'] | null }) {
  return (
    <li class="moment is-now" aria-current="step">
      <time>now</time>
      <span class="knot" aria-hidden="true" />
      <div class="told">
        <p class="what">{reason}</p>
        {next.length > 0 && <p class="soft">{next.join(' ')}</p>}
        {heal !== null && course.kind === 'under-way' && <RestartCourse heal={heal} atRest={course} />}
      </div>
    </li>
  );
}
