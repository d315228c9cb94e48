// The services, of which only the rows in the window and some around it are drawn: five hundred cost no more than thirty.
// The row that has the focus stays, wherever the page is scrolled to.
import { type Signal, useSignal } from '@preact/signals';
import type { TargetedKeyboardEvent, TargetedMouseEvent } from 'preact';
import { useId, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { hashOf } from '../route.ts';
import type { Store } from '../store.ts';
import type { Group } from './choice.ts';
import { summarizeGroup } from './row-view.ts';
import { ServiceRow } from './service-row.tsx';
import type { Session } from './session.ts';
import { useDays } from './use-days.ts';
import { AROUND, type Block, isSameShown, type Shown, shownRows, type Sizes } from './window.ts';
import { WORST_FIRST } from '../../supervisor/contract/service-status.ts';

export interface ServiceListProps {
  readonly store: Store;
  readonly session: Session;
  readonly groups: readonly Group[];
  /** Whether the order is that of the groups. */
  readonly isGrouped: boolean;
}

export function ServiceList({ store, session, groups, isGrouped }: ServiceListProps) {
  const list = useRef<HTMLDivElement>(null);
  const held = useSignal<string | null>(null);
  const hasHeads = isGrouped && groups.some(({ name }) => name !== null);
  const shown = useShown(list, groups, hasHeads);
  useDays(store, session, groups.flatMap(({ services }, index) => services.slice(shown[index]?.first, shown[index]?.last).map(({ id }) => id)));
  return (
    <div
      ref={list} class="service-list" onKeyDown={moveBetweenRows} onClick={openService}
      onFocusIn={({ target }) => { held.value = target instanceof Element ? (target.closest<HTMLElement>('[data-service]')?.dataset['service'] ?? null) : null; }}
    >
      {groups.map((group, index) => (
        <GroupSection
          key={group.name ?? ''} store={store} session={session} held={held} group={group} hasHead={hasHeads}
          first={shown[index]?.first ?? 0} last={shown[index]?.last ?? 0}
        />
      ))}
    </div>
  );
}

interface GroupSectionProps {
  readonly store: Store;
  readonly session: Session;
  /** The service whose row has the focus. */
  readonly held: Signal<string | null>;
  readonly group: Group;
  readonly hasHead: boolean;
  readonly first: number;
  readonly last: number;
}

function GroupSection({ store, session, held, group: { name, services }, hasHead, first, last }: GroupSectionProps) {
  const id = useId();
  const heldIndex = held.value === null ? -1 : services.findIndex((service) => service.id === held.value);
  const indexes = Array.from({ length: Math.max(0, last - first) }, (_, offset) => first + offset);
  if (heldIndex >= 0 && heldIndex < first) indexes.unshift(heldIndex);
  else if (heldIndex >= last) indexes.push(heldIndex);
  const title = name ?? (hasHead ? 'Others' : 'Services');
  return (
    <section aria-label={hasHead ? undefined : title} aria-labelledby={hasHead ? id : undefined}>
      {hasHead && <h2 id={id}>{title} <span class="summary">{summarizeGroup(services, WORST_FIRST)}</span></h2>}
      <ul style={{ '--count': services.length }}>
        {indexes.map((index) => {
          const service = services[index];
          return service !== undefined && <ServiceRow key={service.id} store={store} session={session} service={service} known={session.days.value.get(service.id)} index={index} count={services.length} />;
        })}
      </ul>
    </section>
  );
}

/** A click beside everything that does something itself, and not the end of selecting text, opens the page of the service. */
function openService({ target }: TargetedMouseEvent<HTMLElement>): void {
  if (!(target instanceof Element) || target.closest('a, button, [tabindex], [popover]') !== null || window.getSelection()?.isCollapsed === false) return;
  const service = target.closest<HTMLElement>('[data-service]')?.dataset['service'];
  if (service !== undefined) location.hash = hashOf({ screen: 'service', service });
}

/** Which rows of each group are drawn, as the page is scrolled. */
function useShown(list: { readonly current: HTMLElement | null }, groups: readonly Group[], hasHeads: boolean): readonly Shown[] {
  const counts = groups.map(({ services }) => services.length).join(' ');
  const blocks = useMemo(() => groups.map(({ services }) => ({ rows: services.length, hasHead: hasHeads })), [counts, hasHeads]);
  const seen = useSignal({ from: 0, to: window.innerHeight });
  const sizes = useSignal<Sizes>(readSizes());
  const latest = useRef<{ blocks: readonly Block[]; shown: readonly Shown[] }>({ blocks: [], shown: [] });
  // Another list: what can be seen first, what lies around it in a frame of its own.
  const around = latest.current.blocks === blocks ? AROUND : 0;
  const shown = useMemo(() => shownRows(blocks, sizes.value, seen.value.from, seen.value.to, around), [blocks, sizes.value, seen.value, around]);
  latest.current = { blocks, shown };
  useLayoutEffect(() => {
    const look = () => {
      if (list.current === null) return;
      const from = -list.current.getBoundingClientRect().top;
      const to = from + window.innerHeight;
      if (!isSameShown(latest.current.shown, shownRows(latest.current.blocks, sizes.value, from, to))) seen.value = { from, to };
    };
    const measure = () => {
      const { row, head, gap } = readSizes();
      if (row !== sizes.value.row || head !== sizes.value.head || gap !== sizes.value.gap) sizes.value = { row, head, gap };
      look();
    };
    window.addEventListener('scroll', look, { passive: true });
    window.addEventListener('resize', measure);
    const frame = requestAnimationFrame(look);
    return () => {
      window.removeEventListener('scroll', look);
      window.removeEventListener('resize', measure);
      cancelAnimationFrame(frame);
    };
  }, [list, seen, sizes, blocks]);
  return shown;
}

/** What the style sheet says for this width. */
function readSizes(): Sizes {
  const style = getComputedStyle(document.documentElement);
  const size = (name: string) => Number.parseFloat(style.getPropertyValue(name)) || 0;
  return { row: size('--row-height') || 68, head: size('--group-head'), gap: size('--group-gap') };
}

/** Up and down go from name to name; where the focus was left behind, they bring it back first. */
function moveBetweenRows(event: TargetedKeyboardEvent<HTMLElement>): void {
  if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || !(event.target instanceof HTMLElement) || !event.target.matches('.service .name')) return;
  const names = [...event.currentTarget.querySelectorAll<HTMLElement>('.service .name')];
  event.preventDefault();
  const { top, bottom } = event.target.getBoundingClientRect();
  if (bottom < 0 || top > window.innerHeight) return event.target.scrollIntoView({ block: 'center' });
  names[names.indexOf(event.target) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
}
