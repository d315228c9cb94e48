// The panel as a page: the way between its screens, banners about Upkeep itself, the screen, and the line that says what became of an act.
import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { AlertsScreen } from './alerts/alerts.tsx';
import { describeFrame, type BannerView } from './frame-view.ts';
import { HistoryScreen } from './history/history.tsx';
import { IncidentScreen } from './history/incident.tsx';
import { OverviewScreen } from './overview/overview.tsx';
import { hashOf, type Route } from './route.ts';
import { ServiceScreen } from './service/service.tsx';
import { SettingsScreen } from './settings/settings.tsx';
import type { Store } from './store.ts';

export interface AppProps { readonly store: Store; readonly route: ReadonlySignal<Route> }

export function App({ store, route }: AppProps) {
  const theme = store.settings.value.theme;
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
    void store.desktop?.('setTheme', { theme });
  }, [store, theme]);
  return (
    <>
      <Frame store={store} route={route} />
      <Said store={store} />
    </>
  );
}

function Frame({ store, route }: AppProps) {
  const { banners, tabs, isLive } = describeFrame({ link: store.link.value, snapshot: store.snapshot.value, route: route.value });
  const main = useRef<HTMLElement>(null);
  const address = hashOf(route.value);
  const shown = useRef(address);
  useEffect(() => {
    if (shown.current === address) return;
    shown.current = address;
    // A new screen is read from its beginning, by eyes and by screen readers.
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [address]);
  return (
    <>
      <nav class="tabs" aria-label="Screens">
        {tabs.map(({ label, hash, isCurrent, count }) => (
          <a key={label} href={hash} aria-current={isCurrent ? 'page' : undefined}>
            {label}{count > 0 && <span class="count">{count}</span>}
          </a>
        ))}
      </nav>
      <main ref={main} tabIndex={-1} class={isLive ? undefined : 'is-stale'}>
        {banners.map((banner) => <Banner key={`${banner.kind} ${banner.title}`} banner={banner} />)}
        <Screen store={store} route={route.value} />
      </main>
    </>
  );
}

function Screen({ store, route }: { readonly store: Store; readonly route: Route }) {
  switch (route.screen) {
    case 'overview': return <OverviewScreen store={store} />;
    case 'service': return <ServiceScreen key={route.service} store={store} service={route.service} />;
    case 'history': return <HistoryScreen store={store} service={route.service} kind={route.kind} />;
    case 'incident': return <IncidentScreen key={route.incident} store={store} incident={route.incident} />;
    case 'alerts': return <AlertsScreen store={store} />;
    case 'settings': return <SettingsScreen store={store} />;
  }
}

function Banner({ banner }: { readonly banner: BannerView }) {
  return (
    <section class={`banner is-${banner.kind}`} role={banner.kind === 'error' ? 'alert' : 'note'}>
      <h2>{banner.title}</h2>
      {banner.lines.map((line) => <p key={line}>{line}</p>)}
    </section>
  );
}

/** The live region is always there: screen readers only announce changes of one they know. */
function Said({ store }: { readonly store: Store }) {
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
