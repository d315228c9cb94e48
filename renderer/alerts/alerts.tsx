// Alerts: what a person is called for now, what was told before and whether it arrived, and the channels with a test each.
import { ActButton } from '../parts/controls.tsx';
import { Menu } from '../parts/menu.tsx';
import { Empty, Failed, Loading } from '../parts/notice.tsx';
import { Time } from '../parts/time.tsx';
import { hashOf } from '../route.ts';
import type { Store } from '../store.ts';
import { useAnswer } from '../use-answer.ts';
import { ALERT_EVENTS, describeAlerts, type ActiveAlertView, type ChannelView, type DeliveryView, type PastAlertView } from './alerts-view.ts';
import './alerts.css';

/** Enough for what people look back at; the timeline has the rest. */
const EVENTS = 500;
const SNOOZES = [['15m', 'For 15 minutes'], ['1h', 'For 1 hour'], ['recovery', 'Until it recovers']] as const;

export function AlertsScreen({ store }: { readonly store: Store }) {
  const asked = useAnswer(store, 'history', { types: [...ALERT_EVENTS], limit: EVENTS }, { after: ({ type }) => type.startsWith('alert.') });
  const view = describeAlerts({ snapshot: store.snapshot.value, history: asked.kind === 'ready' ? asked.value : [], nowMs: store.nowMs.value });
  return (
    <div class="screen">
      <h1>Alerts</h1>
      <section aria-labelledby="active-alerts">
        <h2 id="active-alerts">Now</h2>
        {view.active.length === 0
          ? <Empty title="Nobody is called for anything.">What Upkeep can mend by itself, it mends without calling you.</Empty>
          : <ul class="alert-list">{view.active.map((alert) => <ActiveAlert key={alert.id} store={store} alert={alert} />)}</ul>}
      </section>
      <section aria-labelledby="past-alerts">
        <h2 id="past-alerts">Before</h2>
        {asked.kind === 'loading' && <Loading what="past alerts" />}
        {asked.kind === 'failed' && <Failed message={asked.message} />}
        {asked.kind === 'ready' && (view.past.length === 0
          ? <Empty title="No alert is over yet." />
          : <ul class="alert-list is-past">{view.past.map((alert) => <PastAlert key={alert.id} alert={alert} />)}</ul>)}
      </section>
      <section aria-labelledby="channels">
        <h2 id="channels">Channels</h2>
        {view.channels.length === 0
          ? <Empty title="No channel is set up.">Name some in services.json under alerts.channels.</Empty>
          : <ul class="channel-list">{view.channels.map((channel) => <Channel key={channel.name} store={store} channel={channel} />)}</ul>}
      </section>
    </div>
  );
}

function ActiveAlert({ store, alert }: { readonly store: Store; readonly alert: ActiveAlertView }) {
  const { id, service, serviceName, level, message, since, answer, canAcknowledge, deliveries } = alert;
  const isOff = !store.isLive.value;
  return (
    <li class={`alert is-${level}`} aria-label={`${level} alert: ${serviceName}`}>
      <p class="alert-head"><span class="level">{level}</span> <a href={hashOf({ screen: 'service', service })}>{serviceName}</a> <Time time={since} /></p>
      <p>{message}</p>
      {answer !== null && <p class="answer">{answer}</p>}
      <Deliveries deliveries={deliveries} />
      <div class="actions" role="group" aria-label={`Actions for the alert of ${serviceName}`}>
        {canAcknowledge && <ActButton store={store} act={{ kind: 'acknowledge', alert: id }} label={`Acknowledge the alert of ${serviceName}`} isOff={isOff}>Acknowledge</ActButton>}
        <Menu
          label={`Snooze the alert of ${serviceName}`} isOff={isOff}
          choices={SNOOZES.map(([span, label]) => ({ label, choose: () => void store.act({ kind: 'snooze', alert: id, span }) }))}
        >
          Snooze
        </Menu>
      </div>
    </li>
  );
}

function PastAlert({ alert: { service, serviceName, level, message, raised, lasted, incident, deliveries } }: { readonly alert: PastAlertView }) {
  return (
    <li class="alert">
      <p class="alert-head">
        <span class="level">{level}</span> <a href={hashOf({ screen: 'service', service })}>{serviceName}</a> <Time time={raised} />
        {lasted !== null && <span class="lasted">{lasted}</span>}
        {incident !== null && <a class="incident" href={hashOf({ screen: 'incident', incident })} aria-label={`Incident of ${serviceName}`}>incident</a>}
      </p>
      <p>{message}</p>
      <Deliveries deliveries={deliveries} />
    </li>
  );
}

function Deliveries({ deliveries }: { readonly deliveries: readonly DeliveryView[] }) {
  if (deliveries.length === 0) return <p class="facts">No channel is told of this level.</p>;
  return (
    <ul class="deliveries" aria-label="Deliveries">
      {deliveries.map(({ channel, mark, text }) => <li key={channel} class={`is-${mark}`}><span class="dot" aria-hidden="true" />{channel}: {text}</li>)}
    </ul>
  );
}

function Channel({ store, channel: { name, levels } }: { readonly store: Store; readonly channel: ChannelView }) {
  return (
    <li>
      <div><h3>{name}</h3><p class="facts">{levels}</p></div>
      <ActButton store={store} act={{ kind: 'test-channel', channel: name }} label={`Send a test to ${name}`} isOff={!store.isLive.value}>Send a test</ActButton>
    </li>
  );
}
