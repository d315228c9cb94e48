// Answers what stands around every screen: the way between them, banners about Upkeep itself, what to do with it. Pure.
import type { Snapshot } from '../supervisor/contract/snapshot.ts';
import type { LinkState } from './bridge.ts';
import { clockTime } from './parts/words.ts';
import { hashOf, type Route } from './route.ts';

export interface FrameInput {
  readonly link: LinkState;
  readonly snapshot: Snapshot | null;
  readonly route: Route;
  /** Whether the desktop app shows the panel, and not a browser. */
  readonly isDesktop: boolean;
  readonly nowMs: number;
}
/** `mistakes`: of services.json, a line each. */
export interface BannerView { readonly kind: 'error' | 'note'; readonly title: string; readonly lines: readonly string[]; readonly mistakes: readonly string[] }
export interface TabView { readonly label: string; readonly hash: string; readonly isCurrent: boolean; /** Alerts nobody has acknowledged. */ readonly count: number }
/** Upkeep itself, in the corner. */
export interface CornerView { readonly version: string; /** null: closing the page is all there is to do. */ readonly quit: string | null }
export interface FrameView {
  readonly isLive: boolean;
  readonly tabs: readonly TabView[];
  readonly banners: readonly BannerView[];
  /** In place of the screen. */
  readonly standstill: StandstillView | null;
  readonly corner: CornerView;
}
/** Nobody supervises and nothing is known: what happened, what happens next, what one can do. */
export interface StandstillView {
  /** `waiting`: nothing is wrong yet. */
  readonly kind: 'waiting' | 'stopped';
  readonly title: string;
  readonly lines: readonly string[];
  readonly mistakes: readonly string[];
  readonly canOpenConfiguration: boolean;
}

/** Which tab a screen belongs to. */
const TAB_OF: Readonly<Record<Route['screen'], string>> = {
  overview: 'Overview', service: 'Overview', history: 'History', incident: 'History', alerts: 'Alerts', settings: 'Settings',
};

export function describeFrame(input: FrameInput): FrameView {
  const { link, snapshot, route } = input;
  const current = TAB_OF[route.screen];
  const unanswered = snapshot?.alerts.filter(({ acknowledgedAt, snoozed }) => acknowledgedAt === null && snoozed === null).length ?? 0;
  const tab = (label: string, to: Route, count = 0): TabView => ({ label, hash: hashOf(to), isCurrent: label === current, count });
  const standstill = describeStandstill(input);
  return {
    isLive: link.kind === 'hosting' || link.kind === 'attached',
    // No screen has anything to show to a page that never will.
    tabs: link.kind === 'ended' && snapshot === null ? [] : [
      tab('Overview', { screen: 'overview' }), tab('History', { screen: 'history', service: null, kind: null }),
      tab('Alerts', { screen: 'alerts' }, unanswered), tab('Settings', { screen: 'settings' }),
    ],
    banners: standstill === null ? describeBanners(input) : [],
    standstill,
    corner: describeCorner(input),
  };
}

function describeBanners({ link, snapshot, route, nowMs }: FrameInput): BannerView[] {
  // The settings show the mistakes themselves.
  const showsMistakes = route.screen !== 'settings';
  const banners: BannerView[] = [];
  const error = (title: string, lines: readonly string[], mistakes: readonly string[] = []) => banners.push({ kind: 'error', title, lines, mistakes });
  const known = snapshot === null ? '' : `What you see was known at ${clockTime(snapshot.at, nowMs)}.`;
  switch (link.kind) {
    case 'starting': case 'hosting': case 'attached': break;
    case 'invalid': if (showsMistakes) error('services.json cannot be used, so nothing is supervised.', [`Correct it; Upkeep starts as soon as it is saved. ${known}`.trim()], link.issues); break;
    // The overview says it in its first sentence.
    case 'lost': if (route.screen !== 'overview') error('Upkeep does not answer.', [link.message, known]); break;
    case 'failed': if (route.screen !== 'overview') error('Nobody supervises at the moment.', [link.message, `Upkeep tries again every few seconds by itself. ${known}`.trim()]); break;
    case 'ended': if (route.screen !== 'overview') error('This page has ended.', [link.message, known]); break;
  }
  if (snapshot === null) return banners;
  if (snapshot.config.error !== null && link.kind !== 'invalid' && showsMistakes) {
    error('The changed services.json was refused; the one before stays in force.', [], snapshot.config.error.split('\n'));
  }
  if (snapshot.notes.length > 0) banners.push({ kind: 'note', title: 'About Upkeep itself', lines: snapshot.notes, mistakes: [] });
  return banners;
}

function describeStandstill({ link, snapshot, route, isDesktop }: FrameInput): StandstillView | null {
  // What is known stays in sight, below a banner; the settings have the mistakes and the diagnostics, as long as somebody can be asked for them.
  if (snapshot !== null || (route.screen === 'settings' && link.kind !== 'ended')) return null;
  const stopped = (title: string, lines: readonly string[], mistakes: readonly string[] = []): StandstillView => ({ kind: 'stopped', title, lines, mistakes, canOpenConfiguration: isDesktop && mistakes.length > 0 });
  switch (link.kind) {
    case 'starting': return { kind: 'waiting', title: 'Upkeep is starting', lines: ['It reads services.json and looks at every service.'], mistakes: [], canOpenConfiguration: false };
    case 'hosting': case 'attached': return { kind: 'waiting', title: 'Upkeep is here', lines: ['It tells what it knows in a moment.'], mistakes: [], canOpenConfiguration: false };
    case 'invalid': return stopped('Nothing is supervised', [link.message, 'Correct services.json; Upkeep starts as soon as it is saved.'], link.issues);
    case 'lost': return stopped('Upkeep does not answer', [link.message]);
    case 'failed': return stopped('Upkeep does not answer', [link.message, 'It is tried again every few seconds by itself.']);
    case 'ended': return stopped('This page is not connected', [link.message]);
  }
}

function describeCorner({ link, snapshot, isDesktop }: FrameInput): CornerView {
  const goesOn = link.kind === 'attached' ? `Quit the tray app; process ${snapshot?.pid ?? ''} goes on supervising` : 'Quit Upkeep';
  return { version: snapshot === null ? 'Upkeep' : `Upkeep ${snapshot.version}`, quit: isDesktop ? goesOn : null };
}
