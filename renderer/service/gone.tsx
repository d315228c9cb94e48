// A service that is not in services.json: one that was there and has a past, or an id that nobody knows.
import { Empty, Loading } from '../parts/notice.tsx';
import { StateMark } from '../parts/mark.tsx';
import { hashOf } from '../route.ts';
import type { Store } from '../store.ts';
import { Heals, Incidents, StatisticsSection } from './past.tsx';
import type { Past } from './use-past.ts';

export function GoneScreen({ store, id, past }: { readonly store: Store; readonly id: string; readonly past: Past }) {
  const { incidents, heals, statistics } = past;
  const file = store.snapshot.value?.config.file ?? 'services.json';
  const hasPast = (incidents.kind === 'ready' && incidents.value.length > 0) || (heals.kind === 'ready' && heals.value.length > 0);
  const isLive = store.isLive.value;
  const isKnown = !isLive || (incidents.kind !== 'loading' && heals.kind !== 'loading');
  const nowMs = store.nowMs.value;
  return (
    <div class="screen service-page">
      <div class="service-head is-unknown">
        <a class="back" href={hashOf({ screen: 'overview' })}><span aria-hidden="true">‹ </span>Overview</a>
        <div class="title"><StateMark mark="unknown" /><h1>{id}</h1><p class="state"><span class="word">{hasPast ? 'No longer supervised' : 'Not in services.json'}</span></p></div>
        {hasPast && <div class="lead"><p class="reason">It is not in {file} any more. What happened to it before is kept.</p></div>}
      </div>
      {!isKnown && <Loading what="its past" />}
      {isKnown && !hasPast && (
        <Empty title="No service has this id.">
          {isLive ? <>Add it to {file}, or choose one in the <a href={hashOf({ screen: 'overview' })}>overview</a>.</> : 'Upkeep does not answer, so its past cannot be asked for either.'}
        </Empty>
      )}
      {hasPast && (
        <>
          {statistics.kind === 'ready' && <StatisticsSection asked={statistics} isLive={isLive} nowMs={nowMs} />}
          <div class="two-columns">
            <Heals asked={heals} isLive={isLive} service={id} nowMs={nowMs} />
            <Incidents asked={incidents} isLive={isLive} service={id} nowMs={nowMs} />
          </div>
        </>
      )}
    </div>
  );
}
