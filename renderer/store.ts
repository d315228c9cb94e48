// Holds what the panel knows (signals) and does what its buttons ask: the only file that talks to the bridge.
// It decides no words; view-model.ts and outcome.ts do.
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { ActOutcome } from '../supervisor/contract/api.ts';
import type { UpkeepEvent } from '../supervisor/contract/event.ts';
import type { Snapshot } from '../supervisor/contract/snapshot.ts';
import { pauseUntil, type PauseSpan } from '../supervisor/contract/pause.ts';
import { type Act, actKey } from './act.ts';
import type { Answer, LinkState, PanelBridge, PanelMessage } from './bridge.ts';
import { describeAnswer, describeOutcomes, type Said } from './outcome.ts';
import { describePanel, HEAL_EVENTS, type PanelView } from './view-model.ts';

const HISTORY_LENGTH = 50;
/** Relative times move in steps of this. */
const CLOCK_STEP_MS = 5_000;
/** Long enough to read twice; a failure stays until it is dismissed. */
const SAID_MS = 8_000;

export interface Store {
  readonly view: ReadonlySignal<PanelView>;
  /** Keys of the acts under way. */
  readonly busy: ReadonlySignal<ReadonlySet<string>>;
  readonly said: ReadonlySignal<Said | null>;
  /** The service to put before the person's eyes. */
  readonly shown: ReadonlySignal<{ readonly service: string } | null>;
  act(act: Act): Promise<void>;
  dismiss(): void;
  stop(): void;
}

export function createStore(bridge: PanelBridge): Store {
  const link = signal<LinkState>({ kind: 'starting' });
  const snapshot = signal<Snapshot | null>(null);
  const history = signal<readonly UpkeepEvent[]>([]);
  const nowMs = signal(Date.now());
  const busy = signal<ReadonlySet<string>>(new Set());
  const said = signal<Said | null>(null);
  const shown = signal<{ readonly service: string } | null>(null);
  let saidTimer: ReturnType<typeof setTimeout> | undefined;

  const say = (next: Said | null) => {
    if (next === null) return;
    clearTimeout(saidTimer);
    said.value = next;
    if (next.ok) saidTimer = setTimeout(() => { said.value = null; }, SAID_MS);
  };
  const refreshHistory = oneAtATime(async () => {
    const answer = await bridge.call('history', { types: HEAL_EVENTS, limit: HISTORY_LENGTH });
    // A journal that cannot be read leaves the list as it was: a note in the snapshot tells about it.
    if (answer.ok) history.value = answer.value;
  });
  const hear = (message: PanelMessage) => {
    switch (message.kind) {
      case 'snapshot':
        snapshot.value = message.snapshot;
        nowMs.value = Math.max(nowMs.value, Date.now());
        break;
      case 'event': if (HEAL_EVENTS.includes(message.event.type)) refreshHistory(); break;
      case 'link':
        link.value = message.link;
        if (message.link.kind === 'hosting' || message.link.kind === 'attached') refreshHistory();
        break;
      case 'acted': say(describeOutcomes(message.outcomes)); break;
      case 'show': shown.value = { service: message.service }; break;
    }
  };

  const clock = setInterval(() => { nowMs.value = Date.now(); }, CLOCK_STEP_MS);
  const unsubscribe = bridge.subscribe(hear);
  return {
    view: computed(() => describePanel({ link: link.value, snapshot: snapshot.value, history: history.value, nowMs: nowMs.value })),
    busy, said, shown,
    async act(act) {
      const key = actKey(act);
      if (busy.value.has(key)) return;
      busy.value = new Set([...busy.value, key]);
      try {
        say(describeAnswer(await perform(bridge, act)));
      } catch (error) {
        say({ ok: false, text: `Upkeep did not answer: ${error instanceof Error ? error.message : String(error)}` });
      } finally {
        busy.value = new Set([...busy.value].filter((other) => other !== key));
      }
    },
    dismiss() {
      clearTimeout(saidTimer);
      said.value = null;
    },
    stop() {
      clearInterval(clock);
      clearTimeout(saidTimer);
      unsubscribe();
    },
  };
}

function perform(bridge: PanelBridge, act: Act): Promise<Answer<ActOutcome | readonly ActOutcome[] | null>> {
  switch (act.kind) {
    case 'restart': case 'start': case 'stop': return bridge.call(act.kind, { service: act.service });
    case 'resume': return bridge.call('resume', { service: act.service });
    case 'check': return bridge.call('checkNow', { services: [act.service] });
    case 'pause': return bridge.call('pause', { service: act.service, ...untilOf(act.span) });
    case 'pause-all': return bridge.call('pause', untilOf(act.span));
    case 'resume-all': return bridge.call('resume', {});
    case 'heal-failing': return bridge.call('heal', {});
    case 'check-all': return bridge.call('checkNow', {});
    case 'open': return bridge.openUrl(act.service);
    case 'quit': return bridge.quit();
  }
}

function untilOf(span: PauseSpan): { until?: string } {
  const until = pauseUntil(span, new Date());
  return until === undefined ? {} : { until };
}

/** Runs `run` now, or once more after the run under way: many events at once need one look. */
function oneAtATime(run: () => Promise<void>): () => void {
  let isRunning = false;
  let isWanted = false;
  const go = async () => {
    isRunning = true;
    do {
      isWanted = false;
      await run().catch(() => undefined);
    } while (isWanted);
    isRunning = false;
  };
  return () => {
    isWanted = true;
    if (!isRunning) void go();
  };
}
