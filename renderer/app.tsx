// The panel as a page: its frame, the screen, the line that says what became of an act, and what a screen reader is told of changes.
import { type ReadonlySignal, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { AlertsScreen } from './alerts/alerts.tsx';
import { announceChanges, announceLink, type Told } from './announcement.ts';
import { describeFrame } from './frame-view.ts';
import { Banner, Corner, Standstill, Tabs } from './frame.tsx';
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
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = theme;
    void store.desktop?.('setTheme', { theme });
  }, [store, theme]);
  return (
    <>
      <Frame store={store} route={route} />
      <Said store={store} />
      <Announcements store={store} />
    </>
  );
}

function Frame({ store, route }: AppProps) {
  const { banners, tabs, standstill, corner, isLive } = describeFrame({
    link: store.link.value, snapshot: store.snapshot.value, route: route.value, isDesktop: store.desktop !== null, nowMs: store.nowMs.value,
  });
  const main = useRef<HTMLElement>(null);
  useBeginning(main, route.value);
  return (
    <>
      <a class="skip button is-primary" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>Skip to the content</a>
      <header class="top">
        <Tabs tabs={tabs} />
        <Corner store={store} corner={corner} />
      </header>
      <main ref={main} id="main" tabIndex={-1} class={isLive ? undefined : 'is-stale'}>
        {banners.map((banner) => <Banner key={`${banner.kind} ${banner.title}`} store={store} banner={banner} />)}
        {standstill === null ? <Screen store={store} route={route.value} /> : <Standstill store={store} view={standstill} />}
      </main>
    </>
  );
}

/** A new screen is read from its beginning, by eyes and by screen readers; the overview goes on where it was left. */
function useBeginning(main: { readonly current: HTMLElement | null }, route: Route): void {
  const address = hashOf(route);
  const shown = useRef(address);
  const overviewAt = useRef(0);
  useEffect(() => {
    // As it is left and not as it is scrolled: asking where the page is makes the browser lay it out.
    const remember = () => { if (shown.current === '#/') overviewAt.current = window.scrollY; };
    window.addEventListener('hashchange', remember, { capture: true });
    return () => window.removeEventListener('hashchange', remember, { capture: true });
  }, []);
  useLayoutEffect(() => {
    if (shown.current === address) return;
    shown.current = address;
    window.scrollTo(0, address === '#/' ? overviewAt.current : 0);
    main.current?.focus({ preventScroll: true });
  }, [main, address]);
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

/** Heard, not seen: the page itself shows the same. */
function Announcements({ store }: { readonly store: Store }) {
  const text = useSignal('');
  const told = useRef<Told>(null);
  const wasLive = useRef<boolean | undefined>(undefined);
  useSignalEffect(() => {
    if (store.link.value.kind === 'starting') return;
    const said = announceLink(wasLive.current, store.isLive.value);
    wasLive.current = store.isLive.value;
    if (said !== null) text.value = said;
  });
  useSignalEffect(() => {
    if (store.snapshot.value === null) return;
    const next = announceChanges(told.current, store.services.value);
    told.current = next.told;
    if (next.text !== null) text.value = next.text;
  });
  return <div class="unseen" role="log" aria-label="Changes" aria-live="polite">{text.value}</div>;
}
