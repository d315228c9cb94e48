// The head of a service's page: its state in a word and a shape, the reason, what happens next, and what one can do.
import { ActButton, PauseMenu } from '../parts/controls.tsx';
import { StateMark } from '../parts/mark.tsx';
import { Time } from '../parts/time.tsx';
import { hashOf } from '../route.ts';
import type { Store } from '../store.ts';
import type { ServicePage } from './service-view.ts';

export interface ServiceHeadProps {
  readonly store: Store;
  readonly id: string;
  readonly page: ServicePage;
  /** The whole state as a text, written when it is asked for. */
  readonly write: () => string;
}

export function ServiceHead({ store, id, page, write }: ServiceHeadProps) {
  const { name, mark, word, since, reason, next, alerts, incident } = page;
  return (
    <div class={`service-head is-${mark}`}>
      <a class="back" href={hashOf({ screen: 'overview' })}><span aria-hidden="true">‹ </span>Overview</a>
      <div class="title">
        <StateMark mark={mark} />
        <h1>{name}</h1>
        <p class="state"><span class="word">{word}</span>{since !== null && <time title={since.exact}> {since.text}<span class="ago"> · {since.ago}</span></time>}</p>
      </div>
      <div class="lead">
        <p class="reason">{reason}</p>
        {next.length > 0 && <p class="next">{next.join(' ')}</p>}
        {(incident !== null || alerts.length > 0) && (
          <p class="further">
            {incident !== null && <a href={incident}>Follow this incident</a>}
            {alerts.map(({ key, text, since: raised }) => <span key={key}><a href={hashOf({ screen: 'alerts' })}>{text}</a>, <Time time={raised} /></span>)}
          </p>
        )}
      </div>
      <ServiceActions store={store} id={id} page={page} write={write} />
    </div>
  );
}

function ServiceActions({ store, id, page: { name, acts, mark }, write }: ServiceHeadProps) {
  const isOff = !store.isLive.value;
  const urgent = mark === 'down' ? 'primary' : 'plain';
  return (
    <div class="actions" role="group" aria-label={`Actions for ${name}`}>
      {acts.main === 'restart' && <ActButton store={store} act={{ kind: 'restart', service: id }} kind={urgent} isOff={isOff || !acts.canRestart}>Restart</ActButton>}
      {acts.main === 'start' && <ActButton store={store} act={{ kind: 'start', service: id }} kind="primary" isOff={isOff}>Start</ActButton>}
      <ActButton store={store} act={{ kind: 'check', service: id }} isOff={isOff}>Check now</ActButton>
      {acts.canResume
        ? <ActButton store={store} act={{ kind: 'resume', service: id }} isOff={isOff}>Resume</ActButton>
        : <PauseMenu store={store} label={`Pause ${name}`} isOff={isOff} act={(span) => ({ kind: 'pause', service: id, span })}>Pause</PauseMenu>}
      {acts.canOpen && <ActButton store={store} act={{ kind: 'open', service: id }} label={`Open ${name} in the browser`}>Open</ActButton>}
      {acts.canStop && <ActButton store={store} act={{ kind: 'stop', service: id }} isOff={isOff}>Stop</ActButton>}
      <button type="button" class="button is-quiet" onClick={() => void store.act({ kind: 'copy', text: write(), what: `The state of ${name} is copied.` })}>Copy as text</button>
    </div>
  );
}
