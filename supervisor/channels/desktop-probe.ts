// Whether a Linux desktop has what its notices need: notify-send, and a notification service that answers. Shows no notice.
import type { Probe } from '../ports.ts';
import { oneLine, shorten, type ProgramResult, type RunProgram } from './desktop-notify-send.ts';

const ASK_TIMEOUT_MS = 2_000;
const SERVICE = 'org.freedesktop.Notifications';
const OBJECT = '/org/freedesktop/Notifications';
/** Every desktop has one of them; all answer with name, maker and version of the service in quotes. */
const WAYS_TO_ASK: readonly (readonly string[])[] = [
  ['dbus-send', '--session', '--print-reply', `--dest=${SERVICE}`, OBJECT, `${SERVICE}.GetServerInformation`],
  ['busctl', '--user', 'call', SERVICE, OBJECT, SERVICE, 'GetServerInformation'],
  ['gdbus', 'call', '--session', '--dest', SERVICE, '--object-path', OBJECT, '--method', `${SERVICE}.GetServerInformation`],
];

export async function probeDesktop(run: RunProgram, signal: AbortSignal): Promise<readonly Probe[]> {
  const ask = (argv: readonly string[]): Promise<ProgramResult> => run(argv, { timeoutMs: ASK_TIMEOUT_MS, signal, onStdout: () => undefined });
  return Promise.all([probeNotifySend(ask), probeService(ask)]);
}

type Ask = (argv: readonly string[]) => Promise<ProgramResult>;

async function probeNotifySend(ask: Ask): Promise<Probe> {
  const { exitCode, stdout, stderr, notFound } = await ask(['notify-send', '--version']);
  const label = 'notify-send';
  if (notFound) return { label, found: false, value: 'missing: install libnotify-bin' };
  if (exitCode !== 0) return { label, found: false, value: `does not run: ${said(stderr)}` };
  return { label, found: true, value: oneLine(stdout).replace(/^notify-send\s+/, '') };
}

async function probeService(ask: Ask): Promise<Probe> {
  const label = 'Notification service';
  for (const argv of WAYS_TO_ASK) {
    const { exitCode, stdout, stderr, notFound } = await ask(argv);
    if (notFound) continue;
    if (exitCode !== 0) return { label, found: false, value: `nobody answers: ${said(stderr)}` };
    const [name = 'without a name', , version = ''] = [...stdout.matchAll(/"([^"]*)"|'([^']*)'/g)].map(([, double, single]) => oneLine(double ?? single ?? ''));
    return { label, found: true, value: shorten(`${name} ${version}`.trim()) };
  }
  return { label, found: false, value: 'cannot be asked: none of dbus-send, busctl and gdbus is there' };
}

const said = (stderr: string): string => shorten(oneLine(stderr)) || 'no word of why';
