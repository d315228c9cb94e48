// Ends everything that belongs to a service whose processes Upkeep started: politely, or at once. Knows nothing of why.
import type { ActResult, ManagerContext, StopOptions } from '../ports.ts';
import { isAlive, treeOf, whyUnreadable, type GroupLeader, type ProcessEntry, type ProcessIdentity } from '../system/process-table.ts';
import { signalGroup, signalProcess } from '../system/run-command.ts';
import { waitUntil, type WaitOptions } from '../system/wait-until.ts';
import { calledOff, DONE, refuse } from './act-results.ts';

const GONE_LOOK_MS = 10;
/** SIGKILL can't be ignored; a process that is still there after this time is stuck in the kernel. */
const KILL_WITHIN_MS = 5_000;

/** `leader`: the process that was started, also when it has ended. `marker`: what all of them have in their environment. */
export interface ServiceProcesses {
  readonly leader: GroupLeader | null;
  readonly marker: string;
}

/** Differs for every service of every Upkeep on this machine. */
export const markerOf = ({ home, serviceId }: ManagerContext): string => `${home}|${serviceId}`;

/**
 * SIGTERM to the leader's group first, because a leader may end its children in its own way;
 * once it is gone, to whatever is left. Resolves when nothing is left.
 */
export async function terminateTree({ leader, marker }: ServiceProcesses, { withinMs, signal }: StopOptions): Promise<ActResult> {
  let rest: ProcessEntry[] | null = null;
  let leading = false;
  const { outcome, trouble } = await lookUntil(async () => {
    if (rest === null) {
      rest = await treeOf(leader, marker);
      leading = rest.some((entry) => isLeader(entry, leader));
      signalAll(leading ? rest.filter(({ groupId }) => groupId === leader?.pid) : rest, leader, 'SIGTERM');
      return rest.length === 0;
    }
    rest = await stillAlive(rest);
    if (leading ? rest.some((entry) => isLeader(entry, leader)) : rest.length > 0) return false;
    leading = false;
    rest = await treeOf(leader, marker);
    signalAll(rest, leader, 'SIGTERM');
    return rest.length === 0;
  }, { withinMs, everyMs: GONE_LOOK_MS, signal });
  if (outcome === 'met') return DONE;
  return outcome === 'aborted' ? calledOff() : refuse('timed-out', trouble ?? `${describe(rest ?? [])} did not end within ${withinMs / 1_000} s of SIGTERM.`);
}

/** SIGKILL to all of it, again and again until nothing is left: what starts children while it is being killed is met at the next look. */
export async function killTree({ leader, marker }: ServiceProcesses, signal: AbortSignal): Promise<ActResult> {
  let rest: ProcessEntry[] = [];
  const { outcome, trouble } = await lookUntil(async () => {
    rest = await treeOf(leader, marker);
    signalAll(rest, leader, 'SIGKILL');
    return rest.length === 0;
  }, { withinMs: KILL_WITHIN_MS, everyMs: GONE_LOOK_MS, signal });
  if (outcome === 'met') return DONE;
  return outcome === 'aborted' ? calledOff() : refuse('failed', trouble ?? `${describe(rest)} could not be killed: of another user, or stuck in the system.`);
}

/** A look that could not be had says nothing, so it is taken again. `trouble`: the sentence why the last one could not be had. */
async function lookUntil(nothingIsLeft: () => Promise<boolean>, options: WaitOptions): Promise<{ outcome: 'met' | 'timed-out' | 'aborted'; trouble: string | null }> {
  let trouble: string | null = null;
  const outcome = await waitUntil(async () => {
    try {
      const met = await nothingIsLeft();
      trouble = null;
      return met;
    } catch (error) {
      trouble = `${whyUnreadable(error)}, so it is not known what still runs.`;
      return false;
    }
  }, options);
  return { outcome, trouble };
}

/** The group in one call, so that nothing slips through between two; the rest one by one. `entries` come from a look just now. */
function signalAll(entries: readonly ProcessEntry[], leader: ProcessIdentity | null, signal: NodeJS.Signals): void {
  if (leader !== null && entries.some(({ groupId }) => groupId === leader.pid)) signalGroup(leader.pid, signal);
  for (const { pid, groupId } of entries) if (groupId !== leader?.pid) signalProcess(pid, signal);
}

const isLeader = ({ pid }: ProcessEntry, leader: ProcessIdentity | null): boolean => pid === leader?.pid;

async function stillAlive(entries: readonly ProcessEntry[]): Promise<ProcessEntry[]> {
  const alive = await Promise.all(entries.map(isAlive));
  return entries.filter((_, index) => alive[index]);
}

function describe(rest: readonly ProcessEntry[]): string {
  const pids = rest.map(({ pid }) => pid);
  return pids.length === 1 ? `process ${pids.join()}` : `${pids.length} processes (${pids.join(', ')})`;
}
