// The past of a service: its figures, its incidents, and its heals with proof.
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { Incident, Statistics } from '../../supervisor/contract/history.ts';
import { Time } from '../parts/time.tsx';
import { hashOf } from '../route.ts';
import type { Asked } from '../use-answer.ts';
import { HealEntry } from './heal-entry.tsx';
import { describeHeal } from './heal-view.ts';
import { describeIncidentRow, type IncidentRow } from './incident-row-view.ts';
import { describeStatistics, type FigureView } from './statistics-view.ts';

interface StatisticsProps { readonly asked: Asked<Statistics>; readonly isLive: boolean; readonly nowMs: number }

export function StatisticsSection({ asked, isLive, nowMs }: StatisticsProps) {
  if (asked.kind !== 'ready') return <section class="box statistics" aria-label="Statistics"><h2>Statistics</h2><Waiting asked={asked} isLive={isLive} what="the statistics" /></section>;
  const { windows, rows, figures, causes } = describeStatistics(asked.value, nowMs);
  return (
    <section class="box statistics" aria-label="Statistics">
      <h2>Statistics</h2>
      <div class="statistics-parts">
        <table>
          <thead><tr><td />{windows.map((window) => <th key={window} scope="col">{window}</th>)}</tr></thead>
          <tbody>{rows.map(({ label, values }) => <tr key={label}><th scope="row">{label}</th>{values.map(({ value, exact }, index) => <td key={windows[index]} title={exact ?? undefined}>{value}</td>)}</tr>)}</tbody>
        </table>
        <dl class="figure-list">{figures.map((figure) => <Figure key={figure.label} figure={figure} />)}</dl>
      </div>
      {causes.length > 0 && (
        <div class="causes">
          <h3>Restarts that worked, by what had shown the trouble</h3>
          <dl>{causes.map(({ name, value, part }) => <div key={name}><dt>{name}</dt><dd>{value}</dd><dd class="gauge" aria-hidden="true"><span style={{ width: `${part * 100}%` }} /></dd></div>)}</dl>
        </div>
      )}
    </section>
  );
}

function Figure({ figure: { label, value, note, exact } }: { readonly figure: FigureView }) {
  return <div title={exact ?? undefined}><dt>{label}</dt><dd>{value}</dd><dd class="soft">{note}</dd></div>;
}

/** How many of a list are shown; all of them are in the history. */
const SHOWN = 20;

interface ListProps<Item> { readonly asked: Asked<readonly Item[]>; readonly isLive: boolean; readonly service: string; readonly nowMs: number }

export function Heals({ asked, isLive, service, nowMs }: ListProps<UpkeepEvent>) {
  const heals = asked.kind === 'ready' ? asked.value.slice(0, SHOWN).flatMap((event) => { const heal = describeHeal(event, nowMs); return heal === null ? [] : [heal]; }) : [];
  return (
    <section class="box" aria-label="Heals">
      <SectionHead title="Heals, with proof" hash={hashOf({ screen: 'history', service, kind: 'heal' })} />
      {asked.kind !== 'ready' ? <Waiting asked={asked} isLive={isLive} what="the heals" />
        : heals.length === 0 ? <p class="soft">It has never had to be restarted.</p>
          : <ol class="heal-list">{heals.map((heal) => <li key={heal.key}><HealEntry heal={heal} /></li>)}</ol>}
    </section>
  );
}

export function Incidents({ asked, isLive, service, nowMs }: ListProps<Incident>) {
  return (
    <section class="box" aria-label="Incidents">
      <SectionHead title="Incidents" hash={hashOf({ screen: 'history', service, kind: null })} />
      {asked.kind !== 'ready' ? <Waiting asked={asked} isLive={isLive} what="the incidents" />
        : asked.value.length === 0 ? <p class="soft">There has been none.</p>
          : <ol class="incident-list">{asked.value.slice(0, SHOWN).map((incident) => <IncidentEntry key={incident.id} row={describeIncidentRow(incident, nowMs)} />)}</ol>}
    </section>
  );
}

function IncidentEntry({ row: { hash, mark, at, lasted, how, symptom } }: { readonly row: IncidentRow }) {
  return (
    <li class={`is-${mark}`}>
      <span class="outcome-shape" aria-hidden="true" />
      <a href={hash}>{lasted}, {how}</a>
      <Time time={at} />
      <p class="soft">{symptom}</p>
    </li>
  );
}

function SectionHead({ title, hash }: { readonly title: string; readonly hash: string }) {
  return <div class="section-head"><h2>{title}</h2><a href={hash} aria-label={`${title}: all in the history`}>All in the history</a></div>;
}

function Waiting({ asked, isLive, what }: { readonly asked: Asked<unknown>; readonly isLive: boolean; readonly what: string }) {
  if (asked.kind === 'failed') return <p class="soft" role="alert">This cannot be shown: {asked.message}</p>;
  return <p class="soft" role="status">{isLive ? `Reading ${what} …` : `Upkeep does not answer, so ${what} cannot be asked for.`}</p>;
}
