// The overview: one sentence for the machine, then every service at a glance.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Snapshot } from '../../supervisor/contract/snapshot.ts';
import { ActButton, PauseMenu } from '../parts/controls.tsx';
import { StateMark } from '../parts/mark.tsx';
import { Empty } from '../parts/notice.tsx';
import { hashOf } from '../route.ts';
import type { Store } from '../store.ts';
import { FIRST_CHOICE, listServices } from './choice.ts';
import { FirstSteps } from './first-steps.tsx';
import { describeHeadline } from './headline.ts';
import './overview.css';
import { ServiceList } from './service-list.tsx';
import { overviewSession, type Session } from './session.ts';
import { Toolbar } from './toolbar.tsx';

/** A handful is looked through faster than it is filtered. */
const WORTH_FILTERING = 5;

export function OverviewScreen({ store }: { readonly store: Store }) {
  const snapshot = store.snapshot.value;
  if (snapshot === null) return null;
  return (
    <div class="overview">
      <Headline store={store} snapshot={snapshot} />
      {snapshot.services.length === 0 ? <FirstSteps store={store} file={snapshot.config.file} /> : <Services store={store} />}
    </div>
  );
}

function Headline({ store, snapshot }: { readonly store: Store; readonly snapshot: Snapshot }) {
  const { mark, sentence, detail, concerned, more } = describeHeadline({ link: store.link.value, snapshot, nowMs: store.nowMs.value });
  return (
    <header>
      <StateMark mark={mark} />
      <div class="headline">
        <h1>{sentence}</h1>
        <p>
          {concerned.map(({ id, name }, index) => <>{index > 0 && ', '}<a href={hashOf({ screen: 'service', service: id })}>{name}</a></>)}
          {more > 0 && ` and ${more} more`}{concerned.length > 0 && '. '}{detail}
        </p>
      </div>
      {store.isLive.value && snapshot.services.length > 0 && <MachineActs store={store} snapshot={snapshot} />}
    </header>
  );
}

function MachineActs({ store, snapshot: { services, paused } }: { readonly store: Store; readonly snapshot: Snapshot }) {
  const canHeal = services.some(({ manager, status }) => manager !== null && (status === 'down' || status === 'degraded'));
  return (
    <div class="actions" role="group" aria-label="Actions for all services">
      {canHeal && !paused && <ActButton store={store} act={{ kind: 'heal-failing' }} kind="primary">Restart what fails</ActButton>}
      <ActButton store={store} act={{ kind: 'check-all' }}>Check now</ActButton>
      {paused || services.some((service) => service.paused)
        ? <ActButton store={store} act={{ kind: 'resume-all' }} kind={paused ? 'primary' : 'plain'}>Resume all</ActButton>
        : <PauseMenu store={store} label="Pause all services" act={(span) => ({ kind: 'pause-all', span })}>Pause all</PauseMenu>}
    </div>
  );
}

function Services({ store }: { readonly store: Store }) {
  const session = overviewSession();
  const services = store.services.value;
  const choice = session.choice.value;
  const groups = useMemo(() => listServices(services, choice), [services, choice]);
  const found = groups.reduce((sum, group) => sum + group.services.length, 0);
  const top = useTopOfList(choice);
  const isFiltered = choice.search !== '' || choice.status !== null;
  return (
    <>
      <div ref={top} class="top-of-list" />
      {(services.length >= WORTH_FILTERING || isFiltered) && <Toolbar session={session} services={services} found={found} />}
      {found === 0 ? <NothingFound session={session} /> : <ServiceList store={store} session={session} groups={groups} isGrouped={choice.sort === 'file'} />}
    </>
  );
}

function NothingFound({ session: { choice } }: { readonly session: Session }) {
  const { search, status } = choice.value;
  const what = [...(search === '' ? [] : [`"${search}"`]), ...(status === null ? [] : [`the state "${status}"`])].join(' and ');
  return (
    <Empty title={`No service matches ${what}.`}>
      <p>Searched were names, ids, groups, states and reasons.</p>
      <button type="button" class="button is-plain" onClick={() => { choice.value = { ...FIRST_CHOICE, sort: choice.value.sort }; }}>Show all services</button>
    </Empty>
  );
}

/** Who searches far down in the list sees what was found from its beginning. */
function useTopOfList(choice: unknown) {
  const top = useRef<HTMLDivElement>(null);
  const before = useRef(choice);
  useEffect(() => {
    if (before.current === choice) return;
    before.current = choice;
    if (top.current !== null && top.current.getBoundingClientRect().top < 0) top.current.scrollIntoView({ block: 'start' });
  }, [choice]);
  return top;
}
