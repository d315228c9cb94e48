// Which processes exist, since when, and which belong together. Reads /proc on Linux and `ps` elsewhere; never signals anything.
// A pid alone names nobody: it is given away again. A pid with its start token does. Zombies count as gone.
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { runCommand } from './run-command.ts';

/** The variable of its environment by which a started process, and all it starts, is found again. */
export const MARKER_VARIABLE = 'UPKEEP_SERVICE';

export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque: differs for every process that ever has this pid. */
  readonly token: string;
}
export interface ProcessEntry extends ProcessIdentity {
  readonly parentPid: number;
  readonly groupId: number;
  /** Grows with the time of the start; only good for comparing. */
  readonly startedAt: number;
  /** It has ended, only its parent has not asked how yet. */
  readonly isZombie: boolean;
}
interface ProcessTable {
  entry(pid: number): Promise<ProcessEntry | null>;
  entries(): Promise<ProcessEntry[]>;
  /** Of these, the ones with this value in their environment; those of other users can't be read and are left out. */
  marked(entries: readonly ProcessEntry[], marker: string): Promise<ProcessEntry[]>;
  /** Whether the token was given since the machine started. */
  isFromThisBoot(token: string): boolean;
}

const table = (): ProcessTable => (process.platform === 'linux' ? linuxTable : psTable);

/** The start token of a process, also of a zombie: a child that ended at once still gets one. null: no such process (any more). */
export async function startTokenOf(pid: number): Promise<string | null> {
  return (await entryOf(pid))?.token ?? null;
}

export async function isAlive({ pid, token }: ProcessIdentity): Promise<boolean> {
  const entry = await entryOf(pid);
  return entry !== null && entry.token === token && !entry.isZombie;
}

const entryOf = async (pid: number): Promise<ProcessEntry | null> => (pid > 1 ? await table().entry(pid) : null);
const liveEntries = async (): Promise<ProcessEntry[]> => (await table().entries()).filter(({ isZombie }) => !isZombie);

/** Everything that carries the marker, oldest first. */
export async function processesWithMarker(marker: string): Promise<ProcessEntry[]> {
  const entries = await liveEntries();
  return (await table().marked(entries, marker)).toSorted((a, b) => a.startedAt - b.startedAt);
}

/**
 * Everything that belongs to a service: the leader's process group, all that carries the marker, and their descendants.
 * The group counts also after the leader has ended, but not when the leader's pid is somebody else's by now.
 */
export async function treeOf(leader: ProcessIdentity | null, marker: string): Promise<ProcessEntry[]> {
  const entries = await liveEntries();
  const groupId = leader !== null && ownsGroup(leader, entries) ? leader.pid : null;
  const members = new Map((await table().marked(entries, marker)).map((entry) => [entry.pid, entry]));
  for (const entry of entries) if (entry.groupId === groupId) members.set(entry.pid, entry);
  addDescendants(members, entries);
  members.delete(process.pid);
  return [...members.values()];
}

function ownsGroup({ pid, token }: ProcessIdentity, entries: readonly ProcessEntry[]): boolean {
  const holder = entries.find((entry) => entry.pid === pid);
  // While a group has members its number is not given to a new process, so without a holder the members are the leader's.
  return pid > 1 && (holder === undefined ? table().isFromThisBoot(token) : holder.token === token);
}

function addDescendants(members: Map<number, ProcessEntry>, entries: readonly ProcessEntry[]): void {
  for (let before = -1; before !== members.size;) {
    before = members.size;
    for (const entry of entries) if (members.has(entry.parentPid)) members.set(entry.pid, entry);
  }
}

// ---- Linux ---------------------------------------------------------------------------------------------------------------------------------

let bootIdRead: string | undefined;
const bootId = (): string => (bootIdRead ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());

/** Synchronous reads on purpose: /proc answers from memory, and a whole look takes some 3 ms a hundred processes this way. */
const linuxTable: ProcessTable = {
  entry: (pid) => Promise.resolve(readEntry(pid)),
  entries: () => Promise.resolve(readdirSync('/proc').map(Number).filter((pid) => pid > 1).map(readEntry).filter((entry) => entry !== null)),
  marked: (entries, marker) => Promise.resolve(entries.filter(({ pid }) => readOrNull(`/proc/${pid}/environ`)?.split('\0').includes(`${MARKER_VARIABLE}=${marker}`))),
  isFromThisBoot: (token) => token.startsWith(`${bootId()}:`),
};

function readEntry(pid: number): ProcessEntry | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  return stat === null ? null : parseStat(pid, stat, bootId());
}

/** One line of /proc/PID/stat; null for kernel threads. The program's name may hold spaces and brackets, so it is cut off first. */
export function parseStat(pid: number, stat: string, boot: string): ProcessEntry | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = 'Z', parentPid = '', groupId = ''] = fields;
  const startedAt = Number(fields[19]);
  if (groupId === '0' || !Number.isFinite(startedAt)) return null;
  return { pid, parentPid: Number(parentPid), groupId: Number(groupId), startedAt, token: `${boot}:${startedAt}`, isZombie: 'ZXx'.includes(state) };
}

/** Larger than what programs usually have as environment; the rare larger one is read in another way. */
const buffer = Buffer.alloc(128 * 1024);

/** Into one buffer: half the time of readFileSync, which counts because a stop looks at every process. */
function readOrNull(file: string): string | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return null; // Ended in between, or another user's.
  }
  try {
    const length = readSync(descriptor, buffer, 0, buffer.length, 0);
    return length < buffer.length ? buffer.toString('utf8', 0, length) : readFileSync(file, 'utf8');
  } catch {
    return null; // Ended while it was read.
  } finally {
    closeSync(descriptor);
  }
}

// ---- macOS ---------------------------------------------------------------------------------------------------------------------------------

const PS_FIELDS = ['-ww', '-o', 'pid=,ppid=,pgid=,stat=,lstart='];
const PS_TIMEOUT_MS = 5_000;

const psTable: ProcessTable = {
  entry: async (pid) => parsePs(await ps(['-p', String(pid), ...PS_FIELDS]))[0] ?? null,
  entries: async () => parsePs(await ps(['-A', ...PS_FIELDS])),
  marked: async (entries, marker) => {
    const pids = new Set(pidsWithMarker(await ps(['-A', '-E', '-ww', '-o', 'pid=,command=']), marker));
    return entries.filter(({ pid }) => pids.has(pid));
  },
  // Its token is a date, which no other boot has.
  isFromThisBoot: () => true,
};

/** English and UTC: the start time is part of the token and must read the same tomorrow, wherever the machine is then. */
const ps = async (args: readonly string[]): Promise<string> =>
  (await runCommand(['/bin/ps', ...args], { timeoutMs: PS_TIMEOUT_MS, env: { LC_ALL: 'C', TZ: 'UTC' } })).stdout;

/** Lines of `ps -o pid=,ppid=,pgid=,stat=,lstart=`, without pids that are never touched. */
export function parsePs(text: string): ProcessEntry[] {
  return [...text.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S.*?)\s*$/gm)]
    .map(([, pid, parentPid, groupId, state = '', started = '']) => ({
      pid: Number(pid), parentPid: Number(parentPid), groupId: Number(groupId), token: started, startedAt: Date.parse(`${started} UTC`),
      isZombie: state.startsWith('Z'),
    }))
    .filter(({ pid }) => pid > 1);
}

/** Pids of the lines of `ps -E -o pid=,command=` that hold the marker as a whole word of the environment. */
export function pidsWithMarker(text: string, marker: string): number[] {
  const assignment = ` ${MARKER_VARIABLE}=${marker} `;
  return text.split('\n').filter((line) => `${line} `.includes(assignment)).map((line) => Number.parseInt(line, 10));
}
