// Says in lines how reliable services were: a sentence a service, then a small table. Pure.
import type { HealSuccess, Statistics, StatisticsWindow } from '../supervisor/contract/history.ts';
import type { Reader } from './snapshot-text.ts';
import { alignColumns, type Cell } from './table.ts';
import { describeTime } from './time-text.ts';

/** `elapsed`: how long something took, in words. */
export interface StatisticsReader extends Reader { readonly elapsed: (ms: number) => string }

const NAMES: Readonly<Record<StatisticsWindow, string>> = { '24h': '24 hours', '7d': '7 days', '30d': '30 days', '90d': '90 days' };
const NOTHING = '-';
const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** Rounded down: what failed once was never up for 100 %. */
export function describeShare(share: number | null): string {
  if (share === null) return NOTHING;
  return share === 1 ? '100 %' : `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`;
}

/** So much of the time is unknown that it has to be said. */
const isPartial = ({ up, down, unknown }: Statistics['windows'][number]): boolean => unknown > 0.05 * (up + down + unknown);

/** One line a service about the last 30 days. */
export function describeReliability(each: readonly Statistics[], { paint, elapsed }: StatisticsReader): string[] {
  return alignColumns(each.map(({ service, windows, meanTimeToHealMs, longestOutage }): Cell[] => {
    const month = windows.find(({ window }) => window === '30d');
    if (month === undefined || month.availability === null) return [{ text: service ?? 'all' }, { text: NOTHING }, { text: 'Nothing is known of the last 30 days.' }];
    const share = { text: describeShare(month.availability), paint: (text: string) => paint(month.down === 0 ? 'green' : 'yellow', text) };
    return [{ text: service ?? 'all' }, share, { text: `Up ${month.down === 0 ? 'all the time' : `all but ${elapsed(month.down * 1_000)}`} of ${isPartial(month) ? 'what is known of ' : ''}the last 30 days; ${troubles(month.incidents)}.` }];

    function troubles(count: number): string {
      if (count === 0) return 'no incident';
      const healed = meanTimeToHealMs === null ? '' : `, healed after ${elapsed(meanTimeToHealMs)} on average`;
      return `${plural(count, 'incident')}${longestOutage?.open === true ? ', one of them now' : ''}${healed}`;
    }
  }));
}

export function describeStatistics(statistics: Statistics, reader: StatisticsReader): string[] {
  const { windows } = statistics;
  const { paint, elapsed } = reader;
  const row = (name: string, value: (window: Statistics['windows'][number]) => string): Cell[] => [{ text: name }, ...windows.map((window) => ({ text: value(window) }))];
  return [
    ...alignColumns([
      [{ text: '' }, ...windows.map(({ window }) => ({ text: NAMES[window], paint: (text: string) => paint('bold', text) }))],
      row('Availability', ({ availability }) => describeShare(availability)),
      row('Down', ({ down }) => (down === 0 ? NOTHING : elapsed(down * 1_000))),
      row('Not known', ({ up, down, unknown }) => (unknown < 1 ? NOTHING : describeShare(unknown / (up + down + unknown)))),
      row('Incidents', ({ incidents }) => String(incidents)),
    ]),
    '',
    paint('bold', 'In the last 90 days'),
    ...alignColumns(lastQuarter(statistics, reader)),
  ];
}

function lastQuarter({ meanTimeToDetectMs, meanTimeToHealMs, longestOutage, heals, alertsPerWeek }: Statistics, { elapsed, now }: StatisticsReader): Cell[][] {
  const average = (ms: number | null): string => (ms === null ? NOTHING : `${elapsed(ms)} on average`);
  const worked = ({ fixed, total }: Pick<HealSuccess, 'fixed' | 'total'>): string => (total === 0 ? 'none' : `${fixed} of ${total} worked`);
  const outage = longestOutage === null ? NOTHING : `${elapsed(longestOutage.ms)}: ${longestOutage.service}, ${describeTime(longestOutage.began, now)}${longestOutage.open ? ', and it lasts' : ''}`;
  const lines: readonly (readonly [string, string])[] = [
    ['Noticed after', average(meanTimeToDetectMs)],
    ['Healed after', average(meanTimeToHealMs)],
    ['Longest outage', outage],
    ['Heals', worked(heals)],
    ...heals.byManager.map((success) => [`  by ${success.name}`, worked(success)] as const),
    ...heals.byCause.map((success) => [`  for ${success.name}`, worked(success)] as const),
    ['Alerts a week', alertsPerWeek === 0 ? 'none' : alertsPerWeek.toFixed(1)],
  ];
  return lines.map(([name, value]) => [{ text: name }, { text: value }]);
}
