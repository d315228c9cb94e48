// One service: how it stands and why, what happens next, what one can do, and its past with proof.
import { Charts } from '../charts/charts.tsx';
import { Loading } from '../parts/notice.tsx';
import type { Store } from '../store.ts';
import { GoneScreen } from './gone.tsx';
import { LogTail } from './log-tail.tsx';
import { Heals, Incidents, StatisticsSection } from './past.tsx';
import { ServiceHead } from './service-head.tsx';
import { writeServiceText } from './service-text.ts';
import { describeServicePage } from './service-view.ts';
import { Standing } from './standing.tsx';
import { usePast, valueOf } from './use-past.ts';
import './service.css';

export function ServiceScreen({ store, service: id }: { readonly store: Store; readonly service: string }) {
  const snapshot = store.snapshot.value;
  const service = store.services.value.find((one) => one.id === id);
  const past = usePast(store, id);
  const nowMs = store.nowMs.value;
  const isLive = store.isLive.value;
  if (snapshot === null) return <div class="screen service-page"><Loading what={`"${id}"`} /></div>;
  if (service === undefined) return <GoneScreen store={store} id={id} past={past} />;
  const page = describeServicePage(service, snapshot.alerts, nowMs);
  const incidents = valueOf(past.incidents) ?? [];
  const heals = valueOf(past.heals) ?? [];
  const write = () => writeServiceText({ service, alerts: snapshot.alerts, statistics: valueOf(past.statistics), incidents, heals, version: snapshot.version, nowMs: Date.now() });
  return (
    <div class="screen service-page">
      <ServiceHead store={store} id={id} page={page} write={write} />
      <Standing page={page} heal={service.heal} hasManager={service.manager !== null} />
      <div class="box"><Charts store={store} service={id} name={page.name} incidents={incidents} heals={heals} /></div>
      <StatisticsSection asked={past.statistics} isLive={isLive} nowMs={nowMs} />
      <div class="two-columns">
        <Heals asked={past.heals} isLive={isLive} service={id} nowMs={nowMs} />
        <Incidents asked={past.incidents} isLive={isLive} service={id} nowMs={nowMs} />
      </div>
      {service.hasLog && <LogTail store={store} service={id} name={page.name} isOpenAtFirst={service.status === 'down' || service.status === 'degraded'} />}
    </div>
  );
}
