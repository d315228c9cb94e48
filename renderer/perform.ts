// Carries out what a person asked for: the command of the contract or the act of the desktop that belongs to it.
// It holds nothing; the answer is a value.
import type { ActOutcome, CommandResult } from '../supervisor/contract/api.ts';
import { pauseUntil, type PauseSpan } from '../supervisor/contract/pause.ts';
import type { Snapshot } from '../supervisor/contract/snapshot.ts';
import type { Act, SnoozeSpan } from './act.ts';
import type { Answer, PanelBridge } from './bridge.ts';
import { describeAnswer, type Said } from './outcome.ts';

const SNOOZE_MS: Readonly<Record<SnoozeSpan, number | null>> = { '15m': 15 * 60_000, '1h': 60 * 60_000, recovery: null };

/** What to say about it; null: nothing. */
export async function perform(bridge: PanelBridge, act: Act, snapshot: Snapshot | null): Promise<Said | null> {
  switch (act.kind) {
    case 'restart': case 'start': case 'stop': return describeAnswer(await bridge.call(act.kind, { service: act.service }));
    case 'resume': return describeAnswer(await bridge.call('resume', { service: act.service }));
    case 'check': return describeAnswer(await bridge.call('checkNow', { services: [act.service] }));
    case 'pause': return describeAnswer(await bridge.call('pause', { service: act.service, ...untilOf(act.span) }));
    case 'pause-all': return describeAnswer(await bridge.call('pause', untilOf(act.span)));
    case 'resume-all': return describeAnswer(await bridge.call('resume', {}));
    case 'heal-failing': return describeAnswer(await bridge.call('heal', {}));
    case 'check-all': return describeAnswer(await bridge.call('checkNow', {}));
    case 'acknowledge': return describeAnswer(await bridge.call('acknowledge', { alert: act.alert }));
    case 'snooze': return describeAnswer(await bridge.call('snooze', { alert: act.alert, ...snoozeUntil(act.span) }));
    case 'test-channel': return describeTest(await bridge.call('testChannel', { channel: act.channel }));
    case 'open': return open(bridge, act.service, snapshot);
    case 'copy': return copy(bridge, act.text, act.what);
    case 'open-configuration': return describeDesktop(await bridge.desktop?.('openConfiguration', act.line === undefined ? {} : { line: act.line }));
    case 'open-data-folder': return describeDesktop(await bridge.desktop?.('openDataFolder', {}));
    case 'quit': return describeDesktop(await bridge.desktop?.('quit', {}));
  }
}

/** A browser opens it itself; the page that opens must not reach back into the panel. */
async function open(bridge: PanelBridge, service: string, snapshot: Snapshot | null): Promise<Said | null> {
  if (bridge.desktop !== null) return describeDesktop(await bridge.desktop('openUrl', { service }));
  const url = snapshot?.services.find(({ id }) => id === service)?.url ?? null;
  if (url === null) return { ok: false, text: `"${service}" has no address to open.` };
  window.open(url, '_blank', 'noopener,noreferrer');
  return null;
}

async function copy(bridge: PanelBridge, text: string, what: string): Promise<Said> {
  if (bridge.desktop === null) await navigator.clipboard.writeText(text);
  else {
    const answer = await bridge.desktop('copyText', { text });
    if (!answer.ok) return { ok: false, text: answer.error.message };
  }
  return { ok: true, text: what };
}

function describeDesktop(answer: Answer<unknown> | undefined): Said | null {
  if (answer === undefined) return { ok: false, text: 'Only the desktop app can do that.' };
  return answer.ok ? null : { ok: false, text: answer.error.message };
}

function describeTest(answer: Answer<CommandResult<'testChannel'>>): Said | null {
  if (!answer.ok) return { ok: false, text: answer.error.message };
  const outcome: ActOutcome = { service: '', ok: answer.value.ok, message: answer.value.message };
  return describeAnswer({ ok: true, value: outcome });
}

function untilOf(span: PauseSpan): { until?: string } {
  const until = pauseUntil(span, new Date());
  return until === undefined ? {} : { until };
}

function snoozeUntil(span: SnoozeSpan): { until?: string } {
  const ms = SNOOZE_MS[span];
  return ms === null ? {} : { until: new Date(Date.now() + ms).toISOString() };
}
