// Holds what the panel knows (signals) and does what its buttons ask: the only file that talks to the bridge.
// It decides no words; the view models and outcome.ts do.
import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import type { CommandInput, CommandName, CommandResult } from '../supervisor/contract/api.ts';
import type { UpkeepEvent } from '../supervisor/contract/event.ts';
import type { Settings } from '../supervisor/contract/settings.ts';
import { DEFAULT_SETTINGS } from '../supervisor/contract/settings-choices.ts';
import type { ServiceSnapshot, Snapshot } from '../supervisor/contract/snapshot.ts';
import { applyChanges } from '../supervisor/contract/snapshot-changes.ts';
import { type Act, actKey } from './act.ts';
import type { Answer, LinkState, PanelBridge, PanelMessage } from './bridge.ts';
import { describeOutcomes, type Said } from './outcome.ts';
import { perform } from './perform.ts';
import { keepUnchanged } from './same.ts';

/** Relative times move in steps of this. */
const CLOCK_STEP_MS = 5_000;
/** Long enough to read twice; a failure stays until it is dismissed. */
const SAID_MS = 8_000;

export interface Store {
  readonly link: ReadonlySignal<LinkState>;
  /** Whether commands can be sent. */
  readonly isLive: ReadonlySignal<boolean>;
  /** The newest; services that have not changed are the same objects as before. */
  readonly snapshot: ReadonlySignal<Snapshot | null>;
  readonly services: ReadonlySignal<readonly ServiceSnapshot[]>;
  readonly nowMs: ReadonlySignal<number>;
  readonly settings: ReadonlySignal<Settings>;
  /** Keys of the acts under way. */
  readonly busy: ReadonlySignal<ReadonlySet<string>>;
  readonly said: ReadonlySignal<Said | null>;
  /** What only the desktop app can do; null: a browser shows the panel. */
  readonly desktop: PanelBridge['desktop'];
  /** Never rejects: what cannot be asked is a failed answer. */
  ask<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<Answer<CommandResult<Name>>>;
  /** Returns the way to stop it. */
  onEvent(listener: (event: UpkeepEvent) => void): () => void;
  act(act: Act): Promise<void>;
  changeSettings(settings: Settings): Promise<void>;
  say(said: Said | null): void;
  dismiss(): void;
  stop(): void;
}

/** `show`: put this service before the person's eyes. */
export function createStore(bridge: PanelBridge, show: (service: string) => void): Store {
  const link = signal<LinkState>({ kind: 'starting' });
  const snapshot = signal<Snapshot | null>(null);
  const services = signal<readonly ServiceSnapshot[]>([]);
  const settings = signal<Settings>(DEFAULT_SETTINGS);
  const nowMs = signal(Date.now());
  const busy = signal<ReadonlySet<string>>(new Set());
  const said = signal<Said | null>(null);
  const isLive = computed(() => link.value.kind === 'hosting' || link.value.kind === 'attached');
  const listeners = new Set<(event: UpkeepEvent) => void>();
  let saidTimer: ReturnType<typeof setTimeout> | undefined;

  const say = (next: Said | null) => {
    if (next === null) return;
    clearTimeout(saidTimer);
    said.value = next;
    if (next.ok) saidTimer = setTimeout(() => { said.value = null; }, SAID_MS);
  };
  const ask: Store['ask'] = async (name, input) => {
    try {
      return await bridge.call(name, input);
    } catch (error) {
      return { ok: false, error: { code: 'unavailable', message: `Upkeep did not answer: ${error instanceof Error ? error.message : String(error)}` } };
    }
  };
  const readSettings = async () => {
    const answer = await ask('settings', {});
    if (answer.ok) settings.value = answer.value;
  };
  /** One change for whoever reads both. */
  const know = (rest: Omit<Snapshot, 'services'>, next: readonly ServiceSnapshot[]) => batch(() => {
    services.value = next;
    snapshot.value = { ...rest, services: [...next] };
  });
  const readStatus = async () => {
    const answer = await ask('status', {});
    if (answer.ok) know(answer.value, keepUnchanged(services.value, answer.value.services));
  };
  const hear = (message: PanelMessage) => {
    switch (message.kind) {
      case 'snapshot': know(message.snapshot, keepUnchanged(services.value, message.snapshot.services)); break;
      case 'changes': {
        const next = applyChanges(services.value, message.changes);
        if (next === null) void readStatus();
        else know(message.changes.rest, next);
        break;
      }
      case 'event': for (const listener of [...listeners]) listener(message.event); break;
      case 'link': {
        const wasLive = isLive.value;
        link.value = message.link;
        if (isLive.value && !wasLive) void readSettings();
        break;
      }
      case 'acted': say(describeOutcomes(message.outcomes)); break;
      case 'show': show(message.service); break;
    }
  };

  const clock = setInterval(() => { nowMs.value = Date.now(); }, CLOCK_STEP_MS);
  const unsubscribe = bridge.subscribe(hear);
  return {
    link, isLive, snapshot, services, nowMs, settings, busy, said, ask, say,
    desktop: bridge.desktop,
    onEvent(listener) {
      const own = (event: UpkeepEvent): void => listener(event);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    async act(act) {
      const key = actKey(act);
      if (busy.value.has(key)) return;
      busy.value = new Set([...busy.value, key]);
      try {
        say(await perform(bridge, act, snapshot.value));
      } catch (error) {
        say({ ok: false, text: `Upkeep did not answer: ${error instanceof Error ? error.message : String(error)}` });
      } finally {
        busy.value = new Set([...busy.value].filter((other) => other !== key));
      }
    },
    async changeSettings(next) {
      const answer = await ask('changeSettings', { settings: next });
      if (!answer.ok) return say({ ok: false, text: answer.error.message });
      settings.value = answer.value;
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
