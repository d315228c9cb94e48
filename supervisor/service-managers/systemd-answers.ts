// What systemctl's answers mean. Reads texts and gives values; runs nothing.
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import type { ExitCause, Refusal } from '../contract/reason.ts';
import type { LogResult, ManagerStatus } from '../ports.ts';
import { plainLines } from '../system/log-tail.ts';
import type { RunResult } from '../system/run-command.ts';
import { lastLine } from './act-results.ts';

export const UNIT_PROPERTIES = 'LoadState,ActiveState,SubState,Result,MainPID,ExecMainPID,ExecMainCode,ExecMainStatus';

const KINDS = /\.(service|socket|target|timer|mount|automount|swap|path|slice|scope|device)$/;
export const unitName = (name: string): string => (KINDS.test(name) ? name : `${name}.service`);

/** A user unit is reached through the session's runtime folder, which cron, sudo and ssh commands may lack. */
export function userSession(): NodeJS.ProcessEnv {
  if (process.env['XDG_RUNTIME_DIR'] !== undefined) return {};
  const folder = `/run/user/${process.getuid?.() ?? ''}`;
  return existsSync(folder) ? { XDG_RUNTIME_DIR: folder } : {};
}

// ---- Status --------------------------------------------------------------------------------------------------------------------------------

/** `KEY=value` lines, in whatever order systemd prints them. */
export function parseProperties(text: string): ReadonlyMap<string, string> {
  return new Map(text.split('\n').filter((line) => line.includes('=')).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** The status in the answer of `systemctl show`. */
export function statusOf(shown: RunResult, unit: string): ManagerStatus {
  if (shown.exitCode !== 0) return { state: 'unknown', why: shown.timedOut ? 'systemctl did not answer' : refusalOf(shown, unit).message };
  const properties = parseProperties(shown.stdout);
  const activeState = properties.get('ActiveState');
  switch (activeState) {
    case 'active': case 'reloading': case 'refreshing': case 'maintenance': {
      const pid = Number(properties.get('MainPID') ?? 0);
      return { state: 'running', pid: pid > 1 ? pid : null };
    }
    // Also the wait before systemd restarts it by itself (auto-restart).
    case 'activating': return { state: 'starting' };
    case 'deactivating': return { state: 'stopping' };
    case 'inactive': case 'failed': break;
    case undefined: default: return { state: 'unknown', why: `systemctl says ${unit} is "${activeState ?? ''}"` };
  }
  const loadState = properties.get('LoadState');
  if (loadState === 'not-found') return { state: 'unknown', why: `the unit ${unit} does not exist` };
  if (loadState === 'error' || loadState === 'bad-setting') return { state: 'unknown', why: `the file of the unit ${unit} has errors` };
  return { state: 'exited', cause: causeOf(properties) };
}

const OTHER_RESULTS: Readonly<Record<string, string>> = {
  watchdog: 'it missed its watchdog', timeout: 'it took too long to start or stop', protocol: 'it did not report its start as expected',
  resources: 'systemd lacked the resources to run it',
};

function causeOf(properties: ReadonlyMap<string, string>): ExitCause {
  const result = properties.get('Result') ?? '';
  if (result === 'oom-kill') return { kind: 'out-of-memory' };
  if (result === 'start-limit-hit') return { kind: 'start-limit' };
  const other = OTHER_RESULTS[result];
  if (other !== undefined) return { kind: 'other', text: other };
  if (Number(properties.get('ExecMainPID') ?? 0) === 0) return { kind: 'not-running' };
  const status = Number(properties.get('ExecMainStatus'));
  // waitid's codes: 1 exited, 2 killed, 3 dumped core.
  const bySignal = ['2', '3'].includes(properties.get('ExecMainCode') ?? '');
  if (bySignal) return { kind: 'signal', signal: signalName(status) };
  return result === 'success' || status !== 0 ? { kind: 'exit-code', code: status } : { kind: 'other', text: 'one of the commands around its main process failed' };
}

const signalName = (number: number): string => Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;

// ---- Journal ------------------------------------------------------------------------------------------------------------------------------

const HIDDEN_FROM_USER = /insufficient permissions|not seeing messages from other users and the system/i;

/** The lines in the answer of `journalctl`. Continuations of a line of several are lines of their own, so there may be more than were asked for. */
export function logOf(ran: RunResult, source: string, count: number): LogResult {
  if (ran.notFound) return { ok: false, refusal: { code: 'unavailable', message: 'there is no journalctl on this machine.' } };
  if (ran.startError !== null) return { ok: false, refusal: { code: 'unavailable', message: `journalctl could not be started (${ran.startError}).` } };
  if (ran.timedOut) return { ok: false, refusal: { code: 'timed-out', message: 'journalctl did not answer in time.' } };
  // "-- No entries --", "-- Boot 3f2a --" and where the journal begins are words of journalctl itself.
  const lines = plainLines(ran.stdout).filter((line) => !/^-- .* --$|^-- (Journal|Logs) begin/.test(line));
  if (lines.length === 0 && HIDDEN_FROM_USER.test(ran.stderr)) return { ok: false, refusal: { code: 'needs-privilege', message: 'the journal of system units may be read by members of the group "systemd-journal" or "adm" only. Add the user Upkeep runs as to one of them.' } };
  if (ran.exitCode !== 0) return { ok: false, refusal: { code: 'failed', message: `${lastLine(ran.stderr) || `journalctl ended with code ${ran.exitCode}`}.` } };
  return { ok: true, source, lines: lines.slice(-count) };
}

// ---- Refusals ------------------------------------------------------------------------------------------------------------------------------

export const saysStartLimit = (journal: string): boolean => /request repeated too quickly|start-limit-hit/.test(journal);

const NEEDS_PRIVILEGE = 'systemctl needs a password for system units. Use a user unit, or allow it in polkit.';
const NO_USER_SESSION = 'your systemd user session can\'t be reached. Start Upkeep from a login session, or keep one with `loginctl enable-linger`.';

interface Row { readonly says: RegExp; readonly code: Refusal['code']; readonly message: (unit: string) => string }
const ROWS: readonly Row[] = [
  { says: /interactive authentication required|access denied|permission denied|not authorized/i, code: 'needs-privilege', message: () => NEEDS_PRIVILEGE },
  { says: /attempted too often|repeated too quickly/, code: 'start-limit', message: (unit) => `systemd refuses to start ${unit} again so soon: it was started too often in a short time. A restart by hand clears this.` },
  { says: /\bis masked\b/, code: 'failed', message: (unit) => `${unit} is masked, so nobody may start it. Undo that with \`systemctl unmask\`.` },
  { says: /could not be found|not found|not loaded/, code: 'not-found', message: (unit) => `the unit ${unit} does not exist. Correct "unit" or "scope" in services.json.` },
  { says: /has not been booted with systemd|system scope bus|host is down/i, code: 'unavailable', message: () => 'systemd does not run on this machine.' },
  { says: /failed to connect to .*bus/i, code: 'unavailable', message: () => NO_USER_SESSION },
];

/** Why a call of systemctl that failed was refused. */
export function refusalOf({ notFound, startError, timedOut, stderr, exitCode }: RunResult, unit: string): Refusal {
  if (notFound) return { code: 'unavailable', message: 'there is no systemctl on this machine.' };
  if (startError !== null) return { code: 'unavailable', message: `systemctl could not be started (${startError}).` };
  if (timedOut) return { code: 'timed-out', message: 'systemctl did not answer in time.' };
  const row = ROWS.find(({ says }) => says.test(stderr));
  if (row !== undefined) return { code: row.code, message: row.message(unit) };
  // After what happened come hints how to find out more, and before it warnings of no matter here.
  const lines = stderr.split('\n').filter((line) => !/^(See |Warning: |Hint: )/.test(line)).join('\n');
  const said = lastLine(lines);
  return { code: 'failed', message: said === '' ? `systemctl ended with code ${exitCode}.` : `${said}.` };
}
