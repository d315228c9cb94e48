// Answers what stands around every screen: the way between them and banners about Upkeep itself. Pure.
import type { Snapshot } from '../supervisor/contract/snapshot.ts';
import type { LinkState } from './bridge.ts';
import { hashOf, type Route } from './route.ts';

export interface FrameInput { readonly link: LinkState; readonly snapshot: Snapshot | null; readonly route: Route }
export interface BannerView { readonly kind: 'error' | 'note'; readonly title: string; readonly lines: readonly string[] }
export interface TabView { readonly label: string; readonly hash: string; readonly isCurrent: boolean; /** Alerts nobody has acknowledged. */ readonly count: number }
export interface FrameView { readonly isLive: boolean; readonly tabs: readonly TabView[]; readonly banners: readonly BannerView[] }

/** Which tab a screen belongs to. */
const TAB_OF: Readonly<Record<Route['screen'], string>> = {
  overview: 'Overview', service: 'Overview', history: 'History', incident: 'History', alerts: 'Alerts', settings: 'Settings',
};

export function describeFrame({ link, snapshot, route }: FrameInput): FrameView {
  const current = TAB_OF[route.screen];
  const unanswered = snapshot?.alerts.filter(({ acknowledgedAt, snoozed }) => acknowledgedAt === null && snoozed === null).length ?? 0;
  const tab = (label: string, to: Route, count = 0): TabView => ({ label, hash: hashOf(to), isCurrent: label === current, count });
  return {
    isLive: link.kind === 'hosting' || link.kind === 'attached',
    tabs: [
      tab('Overview', { screen: 'overview' }), tab('History', { screen: 'history', service: null, kind: null }),
      tab('Alerts', { screen: 'alerts' }, unanswered), tab('Settings', { screen: 'settings' }),
    ],
    banners: describeBanners(link, snapshot),
  };
}

function describeBanners(link: LinkState, snapshot: Snapshot | null): BannerView[] {
  const banners: BannerView[] = [];
  if (link.kind === 'invalid') banners.push({ kind: 'error', title: 'Correct services.json; Upkeep starts as soon as it can be used.', lines: link.issues });
  if (link.kind === 'ended') banners.push({ kind: 'error', title: 'This page has ended.', lines: [link.message] });
  if ((link.kind === 'lost' || link.kind === 'failed') && snapshot !== null) {
    banners.push({ kind: 'error', title: 'What you see below is what was known last.', lines: [link.message, 'Upkeep tries again every few seconds by itself.'] });
  }
  if (snapshot === null) return banners;
  if (snapshot.config.error !== null && link.kind !== 'invalid') {
    banners.push({ kind: 'error', title: 'The changed services.json was refused; the one before stays in force.', lines: snapshot.config.error.split('\n') });
  }
  if (snapshot.notes.length > 0) banners.push({ kind: 'note', title: 'About Upkeep itself', lines: snapshot.notes });
  return banners;
}
