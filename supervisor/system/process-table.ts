// Which processes exist, since when, and which belong together. Reads /proc on Linux and `ps` elsewhere; never signals anything.
// A pid alone names nobody: it is given away again. A pid with its start token does. Zombies count as gone.
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { runCommand } from './run-command.ts';
import { pause } from './wait-until.ts';

/** The variable of its environment by which a started process, and all it starts, is found again. */
export const MARKER_VARIABLE = 'UPKEEP_SERVICE';
/** Between two looks at everything, at most; usually as long as the last one took. */
const LONGEST_REST_MS = 50;

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
/** The first process of a group, whether or not it has ended. */
export interface GroupLeader extends ProcessIdentity {
  /** When it was last known to be alive, by `startTimeNow`. null: not since Upkeep began. */
  readonly lastAliveAt: number | null;
}

/** Which processes exist could not be found out. Says nothing about any of them: above all not that one has ended. */
export class ProcessTableError extends Error {
  override readonly name = 'ProcessTableError';
  /** What the system said, such as EMFILE. */
  readonly code: string;
  constructor(code: string, options?: ErrorOptions) {
    super(`the table of processes could not be read (${code})`, options);
    this.code = code;
  }
}

/** The clause for people when the table could not be read; any other error is thrown on. */
export function whyUnreadable(error: unknown): string {
  if (error instanceof ProcessTableError) return error.message;
  throw error;
}

/** All processes at one moment. */
interface Look {
  readonly entries: readonly ProcessEntry[];
  /** Pids with this value in their environment; those of other users can't be read and are left out. */
  marked(marker: string): ReadonlySet<number>;
}
/** All reject with ProcessTableError. */
interface ProcessTable {
  entry(pid: number): Promise<ProcessEntry | null>;
  look(): Promise<Look>;
  now(): number | null;
}

const table = (): ProcessTable => (process.platform === 'linux' ? linuxTable : psTable);

/** The start token of a process, also of a zombie: a child that ended at once still gets one. null: no such process (any more). Rejects with ProcessTableError. */
export async function startTokenOf(pid: number): Promise<string | null> {
  return (await entryOf(pid))?.token ?? null;
}

/** Rejects with ProcessTableError. */
export async function isAlive({ pid, token }: ProcessIdentity): Promise<boolean> {
  const entry = await entryOf(pid);
  return entry !== null && entry.token === token && !entry.isZombie;
}

/** The `startedAt` of a process that starts now. null: it can't be found out. */
export const startTimeNow = (): number | null => table().now();

const entryOf = async (pid: number): Promise<ProcessEntry | null> => (pid > 1 ? await table().entry(pid) : null);

let upcoming: Promise<Look> | null = null;
let rested: Promise<void> = Promise.resolve();

/**
 * Shared by all who ask before it begins: nobody gets a look that began before they asked, and when eighty services stop at once
 * the looks are few. Between two there is as much time as one takes, so that everything else goes on.
 */
function look(): Promise<Look> {
  upcoming ??= rested.then(() => nextTurn()).then(() => {
    upcoming = null;
    const beganAtMs = performance.now();
    const looking = table().look();
    rested = looking.then(() => undefined, () => undefined).then(() => pause(Math.min(performance.now() - beganAtMs, LONGEST_REST_MS)));
    return looking;
  });
  return upcoming;
}

/** Everything that carries the marker, oldest first. Rejects with ProcessTableError. */
export async function processesWithMarker(marker: string): Promise<ProcessEntry[]> {
  const { entries, marked } = await look();
  const pids = marked(marker);
  return entries.filter(({ pid, isZombie }) => pids.has(pid) && !isZombie).toSorted((a, b) => a.startedAt - b.startedAt);
}

/**
 * Everything that belongs to a service: the leader's process group, all that carries the marker, and their descendants.
 * The group counts also after the leader has ended, but only while it certainly is still the leader's. Rejects with ProcessTableError.
 */
export async function treeOf(leader: GroupLeader | null, marker: string): Promise<ProcessEntry[]> {
  const { entries, marked } = await look();
  const pids = marked(marker);
  const groupId = leader !== null && ownsGroup(leader, entries, pids) ? leader.pid : null;
  const live = entries.filter(({ isZombie }) => !isZombie);
  const members = new Map(live.filter(({ pid, groupId: group }) => pids.has(pid) || group === groupId).map((entry) => [entry.pid, entry]));
  addDescendants(members, live);
  members.delete(process.pid);
  return [...members.values()];
}

/**
 * The number of a group is given away again once the group is empty. It never was since the leader was alive if the leader still has
 * its entry, or a member carries the marker, or a member is as old: a later group's are all younger than the leader's end.
 */
function ownsGroup({ pid, token, lastAliveAt }: GroupLeader, entries: readonly ProcessEntry[], marked: ReadonlySet<number>): boolean {
  const holder = entries.find((entry) => entry.pid === pid);
  if (pid <= 1 || holder !== undefined) return holder?.token === token;
  return entries.some((entry) => entry.groupId === pid && (marked.has(entry.pid) || (lastAliveAt !== null && entry.startedAt <= lastAliveAt)));
}

function addDescendants(members: Map<number, ProcessEntry>, entries: readonly ProcessEntry[]): void {
  for (let before = -1; before !== members.size;) {
    before = members.size;
    for (const entry of entries) if (members.has(entry.parentPid)) members.set(entry.pid, entry);
  }
}

// ---- Linux ---------------------------------------------------------------------------------------------------------------------------------

let bootIdRead: string | undefined;
const bootId = (): string => (bootIdRead ??= readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? '');

/** Synchronous reads on purpose: /proc answers from memory, and a whole look takes some 3 ms a hundred processes this way. */
const linuxTable: ProcessTable = {
  entry: async (pid) => readEntry(pid),
  look: async () => {
    const entries = listPids().map(readEntry).filter((entry) => entry !== null);
    const markers = new Map(entries.map(({ pid }) => [pid, readMarker(pid)]));
    return { entries, marked: (marker) => new Set([...markers].filter(([, found]) => found === marker).map(([pid]) => pid)) };
  },
  now: () => {
    try {
      // Seconds with two decimals; processes are dated in hundredths.
      const ticks = Math.round(Number.parseFloat(readOrNull('/proc/uptime') ?? '') * 100);
      return Number.isFinite(ticks) ? ticks : null;
    } catch {
      return null; // No descriptors left: what was known before stays good.
    }
  },
};

function listPids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter((pid) => pid > 1);
  } catch (error) {
    throw new ProcessTableError(codeOf(error), { cause: error });
  }
}

function readEntry(pid: number): ProcessEntry | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  return stat === null ? null : parseStat(pid, stat, bootId());
}

const ASSIGNMENT = `${MARKER_VARIABLE}=`;
const readMarker = (pid: number): string | null =>
  readOrNull(`/proc/${pid}/environ`)?.split('\0').find((variable) => variable.startsWith(ASSIGNMENT))?.slice(ASSIGNMENT.length) ?? null;

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

/** ENOENT, ESRCH, ENOTDIR: it has ended. EACCES, EPERM: another user's. EIO: a program that has given its environment away. */
const NOTHING_TO_READ = new Set(['ENOENT', 'ESRCH', 'ENOTDIR', 'EACCES', 'EPERM', 'EIO']);

/** Into one buffer: half the time of readFileSync, which counts because a stop looks at every process. Throws ProcessTableError. */
function readOrNull(file: string): string | null {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(file, 'r');
    const length = readSync(descriptor, buffer, 0, buffer.length, 0);
    return length < buffer.length ? buffer.toString('utf8', 0, length) : readFileSync(file, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (NOTHING_TO_READ.has(code)) return null;
    // No descriptors or memory left, say: that is Upkeep's trouble and nobody's end.
    throw new ProcessTableError(code, { cause: error });
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : String(error));

// ---- macOS ---------------------------------------------------------------------------------------------------------------------------------

const PS_FIELDS = ['-ww', '-o', 'pid=,ppid=,pgid=,stat=,lstart='];
const PS_TIMEOUT_MS = 5_000;

const psTable: ProcessTable = {
  entry: async (pid) => parsePs(await ps(['-p', String(pid), ...PS_FIELDS]))[0] ?? null,
  look: async () => {
    const [listed, environments] = [await ps(['-A', ...PS_FIELDS]), await ps(['-A', '-E', '-ww', '-o', 'pid=,command='])];
    return { entries: parsePs(listed), marked: (marker) => new Set(pidsWithMarker(environments, marker)) };
  },
  now: () => Date.now(),
};

/**
 * English and UTC: the start time is part of the token and must read the same tomorrow, wherever the machine is then.
 * Exit code 1 is an answer: there is no such process.
 */
async function ps(args: readonly string[]): Promise<string> {
  const { exitCode, stdout, startError, timedOut } = await runCommand(['/bin/ps', ...args], { timeoutMs: PS_TIMEOUT_MS, env: { LC_ALL: 'C', TZ: 'UTC' } });
  if (exitCode !== null && !timedOut) return stdout;
  throw new ProcessTableError(startError ?? (timedOut ? 'ps did not answer' : 'ps was ended'));
}

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
