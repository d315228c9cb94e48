// Answers what only the desktop app knows about this installation: its runtime, its session, who shows its icon and its notifications.
// Pure: the facts are asked for elsewhere. Nothing in it is secret.
import type { Diagnostics, DiagnosticsSection } from '../supervisor/contract/diagnostics.ts';
import type { StartAtLogin } from '../supervisor/contract/panel.ts';

export interface DesktopFacts {
  readonly platform: NodeJS.Platform;
  readonly versions: { readonly electron: string; readonly chrome: string; readonly node: string };
  readonly isSandboxed: boolean;
  readonly startAtLogin: StartAtLogin;
  /** XDG_CURRENT_DESKTOP and XDG_SESSION_TYPE. */
  readonly desktop: string | undefined;
  readonly sessionType: string | undefined;
  /** null: the session bus cannot be asked. */
  readonly hasTrayHost: boolean | null;
  readonly hasNotificationDaemon: boolean | null;
}

type Fact = DiagnosticsSection['facts'][number];

const plain = (label: string, value: string | undefined): Fact => ({ label, value: value === undefined || value === '' ? 'not said' : value, state: null });
const judged = (label: string, isGood: boolean, good: string, bad: string): Fact => ({ label, value: isGood ? good : bad, state: isGood ? 'good' : 'bad' });

export function describeDesktop(facts: DesktopFacts): Diagnostics {
  const { versions, isSandboxed, startAtLogin } = facts;
  return {
    sections: [
      {
        title: 'Desktop app',
        facts: [
          plain('Electron', versions.electron), plain('Chromium', versions.chrome), plain('Node', versions.node),
          judged('Sandbox', isSandboxed, 'on', 'off'),
          { label: 'Start at login', value: [startAtLogin.enabled ? 'on' : 'off', startAtLogin.note].filter((part) => part !== null).join('; '), state: null },
        ],
      },
      { title: 'Desktop session', facts: facts.platform === 'linux' ? sessionFacts(facts) : [plain('System', facts.platform)] },
    ],
  };
}

function sessionFacts({ desktop, sessionType, hasTrayHost, hasNotificationDaemon }: DesktopFacts): Fact[] {
  return [
    plain('Desktop', desktop), plain('Session', sessionType),
    onBus('Tray', hasTrayHost, 'there is one', 'none; the window opens instead'),
    onBus('Notification daemon', hasNotificationDaemon, 'there is one', 'none; alerts stay in the panel'),
  ];
}

const onBus = (label: string, answer: boolean | null, good: string, bad: string): Fact =>
  answer === null ? { label, value: 'the session bus does not answer', state: 'bad' } : judged(label, answer, good, bad);
