// What launchctl's answers mean. Reads texts and gives values; runs nothing.
// `launchctl print` calls itself no interface, so anything it says that is not known here gives `unknown`, never `exited`.
import type { ExitCause, Refusal } from '../contract/reason.ts';
import type { ManagerStatus } from '../ports.ts';
import type { RunResult } from '../system/run-command.ts';
import { lastLine } from './act-results.ts';

/** "Bootstrap failed: 5: Input/output error": among other things what launchd answers when the job is loaded already. */
export const ALREADY_LOADED = 5;
const NO_SUCH_PROCESS = 3;
const COULD_NOT_FIND_SERVICE = 113;

export const isNotLoaded = ({ exitCode }: RunResult): boolean => exitCode === COULD_NOT_FIND_SERVICE || exitCode === NO_SUCH_PROCESS;

interface Job {
  readonly state: string | null;
  readonly pid: number | null;
  readonly path: string | null;
  readonly cause: ExitCause;
  /** Where its standard output and standard error go. */
  readonly outputs: readonly string[];
}

/** The job in the answer of `launchctl print`. Lines of nested blocks are indented deeper and belong to something else. */
export function parseJob(printed: string): Job {
  const fields = new Map([...printed.matchAll(/^\t([^\t=][^=\n]*?) = (.*)$/gm)].map(([, key = '', value = '']) => [key, value.trim()]));
  const pid = Number(fields.get('pid') ?? 0);
  const outputs = ['stdout path', 'stderr path'].flatMap((key) => fields.get(key) ?? []).filter((file) => file !== '/dev/null');
  return { state: fields.get('state') ?? null, pid: pid > 1 ? pid : null, path: fields.get('path') ?? null, cause: causeOf(fields), outputs };
}

function causeOf(fields: ReadonlyMap<string, string>): ExitCause {
  const signal = /^(.+?): (\d+)$/.exec(fields.get('last terminating signal') ?? '');
  if (signal !== null) return { kind: 'signal', signal: SIGNALS[Number(signal[2])] ?? `signal ${signal[2] ?? ''}` };
  const code = /^(\d+)/.exec(fields.get('last exit code') ?? '');
  return code === null ? { kind: 'not-running' } : { kind: 'exit-code', code: Number(code[1]) };
}

/** By the numbers of macOS, which differ from those of Linux; the ones that end a program. */
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP', 2: 'SIGINT', 3: 'SIGQUIT', 4: 'SIGILL', 5: 'SIGTRAP', 6: 'SIGABRT', 8: 'SIGFPE', 9: 'SIGKILL', 10: 'SIGBUS', 11: 'SIGSEGV',
  12: 'SIGSYS', 13: 'SIGPIPE', 14: 'SIGALRM', 15: 'SIGTERM', 24: 'SIGXCPU', 25: 'SIGXFSZ', 30: 'SIGUSR1', 31: 'SIGUSR2',
};

/** The status in the answer of `launchctl print`. */
export function statusOf(printed: RunResult, label: string): ManagerStatus {
  if (isNotLoaded(printed)) return { state: 'exited', cause: { kind: 'not-running' } };
  if (printed.exitCode !== 0) return { state: 'unknown', why: refusalOf(printed, label).message };
  const { state, pid, cause } = parseJob(printed.stdout);
  switch (state) {
    case 'running': return { state: 'running', pid };
    // Also the wait of 10 s before launchd starts a KeepAlive job again.
    case 'spawn scheduled': case 'spawning': case 'xpcproxy': return { state: 'starting' };
    case 'SIGTERMed': case 'SIGKILLed': return { state: 'stopping' };
    case 'not running': case 'waiting': case 'exited': return { state: 'exited', cause };
    case null: default: return { state: 'unknown', why: `launchctl says ${label} is "${state ?? ''}"` };
  }
}

interface Row { readonly says: RegExp; readonly code: Refusal['code']; readonly message: (label: string) => string }
const ROWS: readonly Row[] = [
  { says: /not permitted|not privileged|permission denied|must be (run as )?root/i, code: 'needs-privilege', message: () => 'launchctl needs root for the system domain. Use a job in the gui or user domain, or run Upkeep as root.' },
  { says: /could not find service/i, code: 'not-found', message: (label) => `launchd knows no job ${label}. Correct "label" or "domain" in services.json, or give its "plist".` },
  { says: /no such file or directory/i, code: 'not-found', message: (label) => `the property list of ${label} does not exist. Correct "plist" in services.json.` },
  { says: /service is disabled/i, code: 'failed', message: (label) => `${label} is disabled. Undo that with \`launchctl enable\`.` },
  { says: /could not find domain|domain does not support/i, code: 'unavailable', message: () => 'that launchd domain does not exist here: nobody is logged in. Use "domain": "user".' },
];

/** Why a call of launchctl that failed was refused. */
export function refusalOf({ notFound, startError, timedOut, stderr, exitCode }: RunResult, label: string): Refusal {
  if (notFound) return { code: 'unavailable', message: 'there is no launchctl on this machine: launchd is part of macOS.' };
  if (startError !== null) return { code: 'unavailable', message: `launchctl could not be started (${startError}).` };
  if (timedOut) return { code: 'timed-out', message: 'launchctl did not answer in time.' };
  const row = ROWS.find(({ says }) => says.test(stderr));
  if (row !== undefined) return { code: row.code, message: row.message(label) };
  const said = lastLine(stderr);
  return { code: 'failed', message: said === '' ? `launchctl ended with code ${exitCode}.` : `${said}.` };
}
