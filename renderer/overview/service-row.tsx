// One service: its state and reason, what one can do about it, its checks, breaker and heals.
import { ActButton, PauseMenu } from '../parts/controls.tsx';
import { StateMark } from '../parts/mark.tsx';
import type { Store } from '../store.ts';
import { Time } from '../parts/time.tsx';
import type { CheckView, ServiceView } from './overview-view.ts';

export interface ServiceRowProps { readonly store: Store; readonly service: ServiceView; readonly isLive: boolean }

export function ServiceRow({ store, service, isLive }: ServiceRowProps) {
  const { name, mark, reason, since } = service;
  return (
    <li class={`service is-${mark}`} aria-label={name} data-service={service.id}>
      <StateMark mark={mark} />
      <div class="about">
        <h3>{name} <span class="word">{mark}</span>{since !== null && <span class="since"><Time time={since} /></span>}</h3>
        <p class="reason">{reason}</p>
        {service.checks.length > 0 && <ul class="checks" aria-label={`Checks of ${name}`}>{service.checks.map((check) => <Check key={check.key} check={check} />)}</ul>}
        <p class="facts">
          <span>{service.breaker}</span>
          <span>{service.heal}</span>
          {service.lastHeal !== null && <span>Last heal <Time time={service.lastHeal} /></span>}
        </p>
      </div>
      <Actions store={store} service={service} isLive={isLive} />
    </li>
  );
}

function Check({ check }: { readonly check: CheckView }) {
  return (
    <li class={`check is-${check.mark}`} title={check.error ?? undefined}>
      <span class="dot" aria-hidden="true" />
      <span class="target">{check.label}</span>
      <span class="latency">{check.mark === 'pass' ? check.latency : check.word}</span>
    </li>
  );
}

function Actions({ store, service, isLive }: ServiceRowProps) {
  const { id, name, isStopped, isPaused, hasManager, hasAddress } = service;
  return (
    <div class="actions" role="group" aria-label={`Actions for ${name}`}>
      {hasAddress && <ActButton store={store} act={{ kind: 'open', service: id }} label={`Open ${name} in the browser`}>Open</ActButton>}
      {hasManager && (isStopped
        ? <ActButton store={store} act={{ kind: 'start', service: id }} label={`Start ${name}`} isOff={!isLive}>Start</ActButton>
        : <>
            <ActButton store={store} act={{ kind: 'restart', service: id }} label={`Restart ${name}`} isOff={!isLive || service.isHealing}>Restart</ActButton>
            <ActButton store={store} act={{ kind: 'stop', service: id }} label={`Stop ${name}`} isOff={!isLive}>Stop</ActButton>
          </>)}
      {!hasManager && <ActButton store={store} act={{ kind: 'check', service: id }} label={`Check now: ${name}`} isOff={!isLive}>Check now</ActButton>}
      {isPaused
        ? <ActButton store={store} act={{ kind: 'resume', service: id }} label={`Resume ${name}`} isOff={!isLive}>Resume</ActButton>
        : <PauseMenu store={store} label={`Pause ${name}`} isOff={!isLive} act={(span) => ({ kind: 'pause', service: id, span })}>Pause</PauseMenu>}
    </div>
  );
}
