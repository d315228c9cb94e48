// Answers how a service did over the last 90 days, as figures that stand in columns. Pure.
import type { Statistics, StatisticsWindow } from '../../supervisor/contract/history.ts';
import { WINDOWS } from '../../supervisor/contract/history-scales.ts';
import { clockTime, exactTime, share, span } from '../parts/words.ts';
import { roughly } from './moments.ts';

export interface FigureView { readonly label: string; readonly value: string; readonly note: string | null; readonly exact: string | null }
/** `exact` where the value is rounded. */
export interface CellView { readonly value: string; readonly exact: string | null }
export interface StatisticsView {
  /** A row for each figure, a column for each window. */
  readonly windows: readonly string[];
  readonly rows: readonly { readonly label: string; readonly values: readonly CellView[] }[];
  readonly figures: readonly FigureView[];
  /** Restarts that worked, by what had shown the trouble. */
  readonly causes: readonly { readonly name: string; readonly value: string; readonly part: number }[];
}

const NONE = '–';
const LABELS: Readonly<Record<StatisticsWindow, string>> = { '24h': '24 h', '7d': '7 d', '30d': '30 d', '90d': '90 d' };

export function describeStatistics(statistics: Statistics, nowMs: number): StatisticsView {
  const { meanTimeToDetectMs, meanTimeToHealMs, longestOutage, heals, alertsPerWeek } = statistics;
  const known = WINDOWS.flatMap((window) => statistics.windows.find((one) => one.window === window) ?? []);
  const row = (label: string, valueOf: (window: Statistics['windows'][number]) => CellView) => ({ label, values: known.map(valueOf) });
  const figure = (label: string, value: string, note: string | null = null, exact: string | null = null): FigureView => ({ label, value, note, exact });
  return {
    windows: known.map(({ window }) => LABELS[window]),
    rows: [
      row('Availability', ({ availability }) => plain(availability === null ? NONE : share(availability))),
      row('Down', ({ availability, down }) => (availability === null ? plain(NONE) : lasting(down))),
      row('Not known', ({ unknown }) => lasting(unknown)),
      row('Incidents', ({ incidents }) => plain(String(incidents))),
    ],
    figures: [
      figure('Time to detect', meanTimeToDetectMs === null ? NONE : span(meanTimeToDetectMs), meanTimeToDetectMs === null ? 'no incident' : 'on average'),
      figure('Time to heal', meanTimeToHealMs === null ? NONE : span(meanTimeToHealMs), meanTimeToHealMs === null ? 'none was healed' : 'on average, from the first symptom'),
      longestOutage === null ? figure('Longest outage', NONE, 'there was none')
        : figure('Longest outage', span(longestOutage.ms), longestOutage.open ? 'it lasts' : `began ${clockTime(longestOutage.began, nowMs)}`, exactTime(longestOutage.began)),
      figure('Restarts that worked', heals.total === 0 ? NONE : `${heals.fixed} of ${heals.total}`, heals.total === 0 ? 'none was needed' : share(heals.fixed / heals.total)),
      figure('Alerts', alertsPerWeek === 0 ? '0' : alertsPerWeek < 0.1 ? '< 0.1' : String(Math.round(alertsPerWeek * 10) / 10), 'a week'),
    ],
    causes: heals.byCause.map(({ name, fixed, total }) => ({ name, value: `${fixed} of ${total}`, part: total === 0 ? 0 : fixed / total })),
  };
}

const plain = (value: string): CellView => ({ value, exact: null });
/** One unit is enough to compare columns by. */
const lasting = (seconds: number): CellView => (seconds < 1 ? plain('0 s') : { value: roughly(seconds * 1_000), exact: span(seconds * 1_000) });

/** For a text that is copied. */
export const statisticsLines = ({ windows, rows, figures, causes }: StatisticsView): string[] => [
  ...rows.map(({ label, values }) => `${label}: ${values.map(({ value, exact }, index) => `${exact ?? value} (${windows[index] ?? ''})`).join(', ')}`),
  ...figures.map(({ label, value, note }) => `${label}: ${value}${note === null ? '' : ` (${note})`}`),
  ...(causes.length === 0 ? [] : [`Worked by cause: ${causes.map(({ name, value }) => `${name} ${value}`).join(', ')}`]),
];
