// The whole state of a service as a text that can be sent to somebody: what it is, why, what happens next, what was done. Pure.
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { Incident, Statistics } from '../../supervisor/contract/history.ts';
import type { AlertSnapshot, ServiceSnapshot } from '../../supervisor/contract/snapshot.ts';
import { exactTime, latency } from '../parts/words.ts';
import { checkName } from './causes.ts';
import { describeHeal, healLines } from './heal-view.ts';
import { describeIncidentRow } from './incident-row-view.ts';
import { describeServicePage } from './service-view.ts';
import { describeStatistics, statisticsLines } from './statistics-view.ts';

export interface ServiceText {
  readonly service: ServiceSnapshot;
  readonly alerts: readonly AlertSnapshot[];
  readonly statistics: Statistics | null;
  readonly incidents: readonly Incident[];
  /** Ends of heals, newest first. */
  readonly heals: readonly UpkeepEvent[];
  readonly version: string;
  readonly nowMs: number;
}

/** Enough to judge by; the rest is in the history. */
const MOST = 5;

export function writeServiceText({ service, alerts, statistics, incidents, heals, version, nowMs }: ServiceText): string {
  const page = describeServicePage(service, alerts, nowMs);
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]);
  const { course } = page;
  const acts = course.kind === 'under-way' ? [`${course.title}: ${course.steps.map(({ label, took }) => `${label}${took === '' ? '' : ` ${took}`}`).join(' > ')}`]
    : course.kind === 'over' ? [`Last restart ${exactTime(course.at.iso)} by ${course.by}: ${course.text}`] : [];
  return [
    `${page.name} (${service.id}): ${page.word}${page.since === null ? '' : ` since ${page.since.exact}`}`,
    page.reason,
    ...page.next,
    ...section('As it stands', [...page.facts.map(({ label, value, note }) => `${label}: ${value}${note === null ? '' : ` (${note})`}`), ...acts, ...page.alerts.map(({ text }) => text)]),
    ...section('Checks', service.checks.map((check, index) => {
      const said = [page.checks[index]?.word ?? '', ...(check.latencyMs === null ? [] : [latency(check.latencyMs)]), ...(check.at === null ? [] : [exactTime(check.at)])].join(', ');
      return `${checkName({ check: check.type, target: check.target })}: ${said}${check.error === null ? '' : `: ${check.error}`}`;
    })),
    ...section('Statistics', statistics === null ? [] : statisticsLines(describeStatistics(statistics, nowMs))),
    ...section('Incidents', incidents.slice(0, MOST).map((incident) => {
      const { lasted, how, symptom } = describeIncidentRow(incident, nowMs);
      return `${exactTime(incident.began)} ${lasted}, ${how}: ${symptom}`;
    })),
    ...section('Restarts', heals.flatMap((event) => { const view = describeHeal(event, nowMs); return view === null ? [] : [view]; }).slice(0, MOST).flatMap(healLines)),
    '', `Upkeep ${version}, ${exactTime(new Date(nowMs).toISOString())}`, '',
  ].join('\n');
}
