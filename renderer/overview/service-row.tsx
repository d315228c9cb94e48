// One service at a glance: its state and why, its day and its hour, what one can do about it.
// Its height never depends on what it says, so nothing moves when that changes.
import { DayBar } from '../parts/bar.tsx';
import { ActButton, pauseChoices } from '../parts/controls.tsx';
import { Dots, StateMark } from '../parts/mark.tsx';
import { Menu, type MenuChoice } from '../parts/menu.tsx';
import { Sparkline } from '../parts/sparkline.tsx';
import { exactTime, share, timeAgo, timePassed } from '../parts/words.ts';
import type { ServiceSnapshot } from '../../supervisor/contract/snapshot.ts';
import { hashOf } from '../route.ts';
import type { Store } from '../store.ts';
import { RowBelow } from './row-below.tsx';
import { describeRow, type RowView } from './row-view.ts';
import type { Day, Session } from './session.ts';

export interface ServiceRowProps {
  readonly store: Store;
  readonly session: Session;
  readonly service: ServiceSnapshot;
  /** undefined: not known yet. */
  readonly known: Day | undefined;
  /** Its place among `count`, from 0. */
  readonly index: number;
  readonly count: number;
}

const NO_BAR = Array.from({ length: 48 }, () => ({ up: 0, down: 0 }));
const NO_LINE: readonly null[] = [];

/** Reads signals, so it is drawn again only when one of them or of its properties has changed. */
export function ServiceRow({ store, session, service, known, index, count }: ServiceRowProps) {
  const { day, at = '' } = known ?? {};
  const nowMs = store.nowMs.value;
  const view = describeRow(service, nowMs, session.dismissed.value);
  const { id, name, since, heal: { last, underWay } } = service;
  const lasting = since === null ? '' : timePassed(since, nowMs);
  const address = hashOf({ screen: 'service', service: id });
  return (
    <li
      class={`service is-${view.mark}`} data-service={id} aria-setsize={count} aria-posinset={index + 1} style={{ '--at': index }}
    >
      <StateMark mark={view.mark} />
      <div class="about">
        <p class="line">
          <a class="name" href={address}>{name}</a> <span class="word">{view.word}</span>
          {lasting !== '' && since !== null && <time class="since" dateTime={since} title={exactTime(since)}>{lasting}</time>}
          {view.breaker !== null && <span class="breaker">{view.breaker.text}<span class="wide">{view.breaker.more}</span></span>}
        </p>
        <RowBelow session={session} below={view.below} name={name} />
      </div>
      <div class="day">
        <DayBar name={name} bar={day?.bar ?? NO_BAR} at={at} availability={day?.availability ?? null} />
        <p class="caption">
          {day === undefined ? <span /> : day.availability === null ? <span>not known</span> : <span>{share(day.availability)}<span class="wide"> up in 24 h</span></span>}
          {last !== null && underWay === null && <time dateTime={last.at} title={exactTime(last.at)}>{last.result.kind === 'fixed' ? 'healed' : 'tried'} {timeAgo(last.at, nowMs)}</time>}
        </p>
      </div>
      <Sparkline points={day?.latencyMs ?? NO_LINE} now={view.latency} />
      <RowActs store={store} service={service} view={view} />
    </li>
  );
}

function RowActs({ store, service, view: { act } }: { readonly store: Store; readonly service: ServiceSnapshot; readonly view: RowView }) {
  const { id, name, status } = service;
  const isOff = !store.isLive.value;
  const isCalm = status === 'up' || status === 'paused' || status === 'stopped';
  return (
    <div class="acts">
      <ActButton
        store={store} act={{ kind: act.kind, service: id }} label={`${act.word} ${name}`} kind={isCalm ? 'quiet' : 'plain'}
        isOff={isOff || (act.kind === 'restart' && service.heal.underWay !== null)}
      >
        {act.word}
      </ActButton>
      <Menu label={`More for ${name}`} kind="icon" choices={() => chooseFrom(store, service, act.kind, isOff)}>
        <Dots />
      </Menu>
    </div>
  );
}

function chooseFrom(store: Store, service: ServiceSnapshot, main: RowView['act']['kind'], isOff: boolean): readonly MenuChoice[] {
  const { id, manager, status, paused, url } = service;
  const choice = (kind: 'restart' | 'start' | 'stop' | 'resume' | 'open' | 'check', label: string, more: Partial<MenuChoice> = {}): MenuChoice[] =>
    (kind === main ? [] : [{ label, choose: () => void store.act({ kind, service: id }), isOff, ...more }]);
  const isStopped = status === 'stopped';
  return [
    ...(url === null ? [] : choice('open', 'Open in the browser', { isOff: false })),
    ...choice('check', 'Check now'),
    ...(manager === null || isStopped ? [] : choice('restart', 'Restart', { isOff: isOff || service.heal.underWay !== null })),
    ...(manager === null ? [] : isStopped ? choice('start', 'Start') : choice('stop', 'Stop')),
    ...(paused
      ? choice('resume', 'Resume', { isFirstOfItsKind: true })
      : pauseChoices(store, (span) => ({ kind: 'pause', service: id, span })).map((pause, at) => ({ ...pause, label: `Pause ${lowerCase(pause.label)}`, isOff, isFirstOfItsKind: at === 0 }))),
  ];
}

const lowerCase = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
