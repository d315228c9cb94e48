// Carries out what a person chose in the tray: asks again whether it makes sense, calls the supervisor, tells what became of it.
import type { ActOutcome, UpkeepApi } from '../supervisor/contract/api.ts';
import { pauseUntil, type PauseSpan } from '../supervisor/contract/pause.ts';
import { type TrayAct, type TrayInput, whyNot } from './tray-act.ts';

export interface ActRunnerOptions {
  readonly api: Pick<UpkeepApi, 'call'>;
  readonly input: () => TrayInput;
  readonly openUrl: (service: string) => Promise<void>;
  readonly showPanel: (service?: string) => void;
  readonly quit: () => void;
  /** Gets at least one outcome. */
  readonly tell: (outcomes: readonly ActOutcome[]) => void;
}

/** Never rejects: what went wrong is told. */
export async function runAct(act: TrayAct, options: ActRunnerOptions): Promise<void> {
  const refuse = (message: string) => options.tell([{ service: 'service' in act ? act.service : '', ok: false, message }]);
  const reason = whyNot(act, options.input());
  if (reason !== null) return refuse(reason);
  try {
    const outcomes = await perform(act, options);
    if (outcomes.length > 0) options.tell(outcomes);
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error));
  }
}

async function perform(act: TrayAct, { api, openUrl, showPanel, quit }: ActRunnerOptions): Promise<readonly ActOutcome[]> {
  switch (act.kind) {
    case 'restart': case 'start': case 'stop': return [await api.call(act.kind, { service: act.service })];
    case 'pause': return api.call('pause', { service: act.service, ...untilOf(act.span) });
    case 'resume': return api.call('resume', { service: act.service });
    case 'heal-failing': return api.call('heal', {});
    case 'pause-all': return api.call('pause', untilOf(act.span));
    case 'resume-all': return api.call('resume', {});
    case 'open': await openUrl(act.service); return [];
    case 'show': showPanel(act.service); return [];
    case 'panel': showPanel(); return [];
    case 'quit': quit(); return [];
  }
}

function untilOf(span: PauseSpan): { until?: string } {
  const until = pauseUntil(span, new Date());
  return until === undefined ? {} : { until };
}
