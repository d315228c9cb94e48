// What stands around every screen: tabs, the corner of Upkeep itself, banners about it.
import { ActButton } from './parts/controls.tsx';
import { Dots, StateMark } from './parts/mark.tsx';
import { Menu } from './parts/menu.tsx';
import { Mistakes } from './parts/mistakes.tsx';
import type { BannerView, CornerView, StandstillView, TabView } from './frame-view.ts';
import type { Store } from './store.ts';

export function Tabs({ tabs }: { readonly tabs: readonly TabView[] }) {
  if (tabs.length === 0) return null;
  return (
    <nav class="tabs" aria-label="Screens">
      {tabs.map(({ label, hash, isCurrent, count }) => (
        <a key={label} href={hash} aria-current={isCurrent ? 'page' : undefined}>
          <span class="words" data-words={label}>{label}</span>{count > 0 && <span class="count">{count}<span class="unseen"> to be answered</span></span>}
        </a>
      ))}
    </nav>
  );
}

export function Banner({ store, banner: { kind, title, lines, mistakes } }: { readonly store: Store; readonly banner: BannerView }) {
  return (
    <section class={`banner is-${kind}`} role={kind === 'error' ? 'alert' : undefined} aria-label={kind === 'error' ? undefined : title}>
      <h2>{title}</h2>
      {lines.filter((line) => line !== '').map((line) => <p key={line}>{line}</p>)}
      {mistakes.length > 0 && <Mistakes store={store} mistakes={mistakes} />}
      {mistakes.length > 0 && store.desktop !== null && <div class="actions"><ActButton store={store} act={{ kind: 'open-configuration' }}>Open services.json</ActButton></div>}
    </section>
  );
}

export function Standstill({ store, view: { kind, title, lines, mistakes, canOpenConfiguration } }: { readonly store: Store; readonly view: StandstillView }) {
  return (
    <div class="standstill" role={kind === 'waiting' ? 'status' : 'alert'}>
      {kind === 'waiting' ? <span class="spinner" aria-hidden="true" /> : <StateMark mark="off" />}
      <h1>{title}</h1>
      {lines.map((line) => <p key={line}>{line}</p>)}
      {mistakes.length > 0 && <div class="banner is-error"><Mistakes store={store} mistakes={mistakes} /></div>}
      {canOpenConfiguration && <ActButton store={store} act={{ kind: 'open-configuration' }} kind="primary">Open services.json</ActButton>}
    </div>
  );
}

/** Version and what is rarely wanted, in reach wherever the page is: quitting, the file, the folder. */
export function Corner({ store, corner: { version, quit } }: { readonly store: Store; readonly corner: CornerView }) {
  if (quit === null) return <p class="version">{version}</p>;
  const choices = [
    { label: 'Edit services.json', choose: () => void store.act({ kind: 'open-configuration' }) },
    { label: 'Open the data folder', choose: () => void store.act({ kind: 'open-data-folder' }) },
    { label: quit, choose: () => void store.act({ kind: 'quit' }), isFirstOfItsKind: true },
  ];
  return (
    <Menu label={`${version}: more`} kind="quiet" look="version" choices={choices}>
      <span class="words-of-version">{version}</span>
      <Dots />
    </Menu>
  );
}
