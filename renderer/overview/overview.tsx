// The overview: one sentence for the machine, then every service at a glance.
import type { Store } from '../store.ts';
import { ActButton, PauseMenu } from '../parts/controls.tsx';
import { StateMark } from '../parts/mark.tsx';
import { describePanel } from './overview-view.ts';
import { ServiceRow } from './service-row.tsx';

export function OverviewScreen({ store }: { readonly store: Store }) {
  const view = describePanel({ link: store.link.value, snapshot: store.snapshot.value, history: [], nowMs: store.nowMs.value });
  const { headline, isLive, pause } = view;
  return (
    <>
      <header>
        <StateMark mark={headline.mark} />
        <div class="headline"><h1>{headline.sentence}</h1><p>{headline.detail}</p></div>
        {view.groups.length > 0 && isLive && (
          <div class="actions" role="group" aria-label="Actions for all services">
            <ActButton store={store} act={{ kind: 'check-all' }}>Check now</ActButton>
            <ActButton store={store} act={{ kind: 'heal-failing' }} kind={view.healAll.isPossible ? 'primary' : 'plain'} isOff={!view.healAll.isPossible}>Heal failing</ActButton>
            {pause.canResume && <ActButton store={store} act={{ kind: 'resume-all' }}>Resume all</ActButton>}
            {!pause.isPaused && <PauseMenu store={store} label="Pause all services" act={(span) => ({ kind: 'pause-all', span })}>Pause all</PauseMenu>}
          </div>
        )}
      </header>
      <section class="services" aria-label="Services">
        {view.groups.map(({ name, services }) => (
          <section key={name ?? ''} aria-label={name ?? 'Services without a group'}>
            {(name !== null || view.groups.length > 1) && <h2>{name ?? 'Others'}</h2>}
            <ul>{services.map((service) => <ServiceRow key={service.id} store={store} service={service} isLive={view.isLive} />)}</ul>
          </section>
        ))}
      </section>
    </>
  );
}
