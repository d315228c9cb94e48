// Answers what the settings screen says: services.json and its mistakes, what is kept on disk, diagnostics as text. Pure.
import type { DiagnosticsSection } from '../../supervisor/contract/diagnostics.ts';
import type { Storage } from '../../supervisor/contract/history.ts';
import type { Settings } from '../../supervisor/contract/settings.ts';
import type { Snapshot } from '../../supervisor/contract/snapshot.ts';
import type { LinkState } from '../bridge.ts';
import { bytes, exactTime } from '../parts/words.ts';

export interface MistakeView { readonly text: string; /** null: the mistake has no place. */ readonly line: number | null }
export interface ConfigurationView { readonly file: string; readonly state: string; readonly mistakes: readonly MistakeView[] }

/** "services.json:14:19 services.api.interval: …" stands at line 14. */
const PLACE = /^.*?:(\d+):\d+ /;

export function describeConfiguration(link: LinkState, snapshot: Snapshot | null): ConfigurationView {
  const lines = link.kind === 'invalid' ? link.issues : (snapshot?.config.error?.split('\n') ?? []);
  const mistakes = lines.map((text) => ({ text, line: lineOf(text) }));
  const state =
    link.kind === 'invalid' ? 'It cannot be used, so nothing is supervised until it is corrected.'
    : mistakes.length > 0 ? 'The last change was refused; the version before stays in force.'
    : 'It is in force. Changes are taken over as soon as the file is saved.';
  return { file: snapshot?.config.file ?? '', state, mistakes };
}

function lineOf(text: string): number | null {
  const [, line] = PLACE.exec(text) ?? [];
  return line === undefined ? null : Number(line);
}

export interface FactView { readonly label: string; readonly value: string }

export function describeStorage({ folder, stateBytes, journalBytes, logsBytes, journalLimitBytes, oldest }: Storage): FactView[] {
  return [
    { label: 'Folder', value: folder },
    { label: 'History', value: `${bytes(journalBytes)} of at most ${bytes(journalLimitBytes)}${oldest === null ? '' : `, since ${exactTime(oldest)}`}` },
    { label: 'Outputs and log', value: bytes(logsBytes) },
    { label: 'State', value: bytes(stateBytes) },
  ];
}

/** What is copied into a report. */
export const diagnosticsText = (sections: readonly DiagnosticsSection[]): string =>
  sections.map(({ title, facts }) => [title, ...facts.map(({ label, value, state }) => `  ${label === '' ? '' : `${label}: `}${value}${state === 'bad' ? '  (!)' : ''}`)].join('\n')).join('\n\n');

/** The hours that are offered when a person turns quiet hours on. */
export const FIRST_QUIET_HOURS = { from: '22:00', to: '07:00', exceptCritical: true } as const;

export const withNotifications = (settings: Settings, change: Partial<Settings['notifications']>): Settings =>
  ({ ...settings, notifications: { ...settings.notifications, ...change } });
