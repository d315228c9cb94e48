// The panel as a page: headline, banners, alerts, services, heal history, footer, and the line that says what became of an act.
import { ActButton, PauseMenu } from './controls.tsx';
import { StateMark } from './mark.tsx';
import { ServiceRow } from './service-row.tsx';
import type { Store } from './store.ts';
import { Time } from './time.tsx';
import type { AlertView, BannerView, HealView, PanelView } from './view-model.ts';

export interface AppProps { readonly store: Store }
interface PartProps { readonly store: Store; readonly view: PanelView }

export function App({ store }: AppProps) {
  const view = store.view.value;
  return (
    <>
      <Header store={store} view={view} />
      <main class={view.isLive ? undefined : 'is-stale'}>
        {view.banners.map((banner) => <Banner key={`${banner.kind} ${banner.title}`} banner={banner} />)}
        {view.alerts.length > 0 && <Alerts alerts={view.alerts} />}
        {view.groups.length > 0 && <Services store={store} view={view} />}
        {view.groups.length > 0 && <Heals heals={view.heals} />}
      </main>
      <Footer store={store} view={view} />
      <Said store={store} />
    </>
  );
}

function Header({ store, view }: PartProps) {
  const { headline, isLive, pause } = view;
  return (
    <header>
      <StateMark mark={headline.mark} />
      <div class="headline">
        <h1>{headline.sentence}</h1>
        <p>{headline.detail}</p>
      </div>
      {view.groups.length > 0 && isLive && (
        <div class="actions" role="group" aria-label="Actions for all services">
          <ActButton store={store} act={{ kind: 'check-all' }}>Check now</ActButton>
          <ActButton store={store} act={{ kind: 'heal-failing' }} kind={view.healAll.isPossible ? 'primary' : 'plain'} isOff={!view.healAll.isPossible}>Heal failing</ActButton>
          {pause.canResume && <ActButton store={store} act={{ kind: 'resume-all' }}>Resume all</ActButton>}
          {!pause.isPaused && <PauseMenu store={store} label="Pause all services" act={(span) => ({ kind: 'pause-all', span })}>Pause all</PauseMenu>}
        </div>
      )}
    </header>
  );
}

function Banner({ banner }: { readonly banner: BannerView }) {
  return (
    <section class={`banner is-${banner.kind}`} role={banner.kind === 'error' ? 'alert' : 'note'}>
      <h2>{banner.title}</h2>
      {banner.lines.map((line) => <p key={line}>{line}</p>)}
    </section>
  );
}

function Alerts({ alerts }: { readonly alerts: readonly AlertView[] }) {
  return (
    <section class="alerts" aria-labelledby="alerts">
      <h2 id="alerts">Alerts</h2>
      <ul>
        {alerts.map(({ id, level, message, serviceName, since, deliveries }) => (
          <li key={id} class={`alert is-${level}`}>
            <p><span class="level">{level}</span> <strong>{serviceName}</strong> <Time time={since} /></p>
            <p>{message}</p>
            <p class="facts">{deliveries}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Services({ store, view }: PartProps) {
  return (
    <section class="services" aria-label="Services">
      {view.groups.map(({ name, services }) => (
        <section key={name ?? ''} aria-label={name ?? 'Services without a group'}>
          {(name !== null || view.groups.length > 1) && <h2>{name ?? 'Others'}</h2>}
          <ul>{services.map((service) => <ServiceRow key={service.id} store={store} service={service} isLive={view.isLive} />)}</ul>
        </section>
      ))}
    </section>
  );
}

function Heals({ heals }: { readonly heals: readonly HealView[] }) {
  return (
    <section class="heals" aria-labelledby="heals">
      <h2 id="heals">Heal history</h2>
      {heals.length === 0
        ? <p class="facts">Nothing has needed healing yet.</p>
        : <ol>
            {heals.map(({ key, mark, serviceName, what, at }) => (
              <li key={key} class={`heal is-${mark}`}>
                <span class="dot" aria-hidden="true" />
                <Time time={at} />
                <strong>{serviceName}</strong>
                <span class="what">{what}</span>
              </li>
            ))}
          </ol>}
    </section>
  );
}

function Footer({ store, view: { footer } }: PartProps) {
  return (
    <footer>
      <p><span>{footer.version}</span>{footer.configFile !== '' && <span class="path">{footer.configFile}</span>}{footer.process !== '' && <span>{footer.process}</span>}</p>
      <ActButton store={store} act={{ kind: 'quit' }} kind="quiet">{footer.quitLabel}</ActButton>
    </footer>
  );
}

/** The live region is always there: screen readers only announce changes of one they know. */
function Said({ store }: AppProps) {
  const said = store.said.value;
  return (
    <div class="said" role="status" aria-live="polite">
      {said !== null && (
        <div class={said.ok ? 'is-good' : 'is-bad'}>
          <p>{said.text}</p>
          <button type="button" class="button is-quiet" onClick={() => store.dismiss()}>Dismiss</button>
        </div>
      )}
    </div>
  );
}
