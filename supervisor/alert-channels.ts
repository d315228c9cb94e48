// The channels that are set up: makes them anew when their settings in services.json change, and tries one when a person asks for it.
// Knows no alert, and decides neither what is told nor when.
import type { Channel, ChannelContext, ChannelKind, Clock, Notice } from './ports.ts';
import type { Redact } from './redaction.ts';

export interface AlertChannelsParts extends ChannelContext {
  readonly clock: Clock;
  readonly kinds: readonly ChannelKind[];
  readonly redact: Redact;
  readonly freshId: () => string;
  /** Who sends a test: "Upkeep 0.2.0 on workbench". */
  readonly sender: string;
}

/** What became of a test notice. `message` is one sentence or two. */
export interface ChannelAnswer { readonly channel: string; readonly ok: boolean; readonly message: string }

export interface AlertChannels {
  /** Settings by channel name; a channel that is absent is not set up. */
  configure(settings: Readonly<Record<string, unknown>>): void;
  get(name: string): Channel | undefined;
  /** Whether a person's notification level and quiet hours apply to it. */
  interrupts(name: string): boolean;
  /** Sends a test notice at once. null: there is no channel of that name. */
  test(name: string): Promise<ChannelAnswer | null>;
  /** Every name there is, set up or not. */
  names(): readonly string[];
  end(): Promise<void>;
}

export function createAlertChannels(parts: AlertChannelsParts): AlertChannels {
  const { clock, kinds, logger, onClick } = parts;
  const channels = new Map<string, Channel>();
  /** The settings each channel was made with: one whose settings stay goes on as it is, with the clicks it waits for. */
  const madeWith = new Map<string, string>();
  const abort = new AbortController();
  const tests = new Set<Promise<unknown>>();

  function setUp(kind: ChannelKind, settings: unknown): void {
    const wanted = settings === undefined ? undefined : JSON.stringify(settings);
    if (madeWith.get(kind.name) === wanted) return;
    channels.get(kind.name)?.dispose?.();
    channels.delete(kind.name);
    madeWith.delete(kind.name);
    if (wanted === undefined) return;
    channels.set(kind.name, kind.create(settings, { logger, onClick }));
    madeWith.set(kind.name, wanted);
  }

  const testNotice = (): Notice => ({
    kind: 'test', alertId: `test-${parts.freshId()}`, service: null, ended: null, level: 'info',
    title: 'Upkeep test notification', message: `It works: this was sent by ${parts.sender}.`, at: clock.now().wall,
  });

  async function testOne(name: string, channel: Channel): Promise<ChannelAnswer> {
    const answer = await channel.deliver(testNotice(), abort.signal);
    return answer.accepted
      ? { channel: name, ok: true, message: `${name} has accepted the test notification.` }
      : { channel: name, ok: false, message: `${name} has not accepted the test notification: ${parts.redact(answer.error).replace(/(?<![.!?])$/, '.')}` };
  }

  return {
    configure(settings) {
      for (const kind of kinds) setUp(kind, settings[kind.name]);
    },
    get: (name) => channels.get(name),
    interrupts: (name) => kinds.some((kind) => kind.name === name && kind.attention === 'interrupts'),
    async test(name) {
      const channel = channels.get(name);
      if (channel === undefined) {
        const kind = kinds.find((one) => one.name === name);
        return kind === undefined ? null : { channel: name, ok: false, message: howToSetUp(kind) };
      }
      const test = testOne(name, channel);
      tests.add(test);
      return test.finally(() => tests.delete(test));
    },
    names: () => kinds.map(({ name }) => name),
    async end() {
      abort.abort();
      await Promise.allSettled(tests);
      for (const channel of channels.values()) channel.dispose?.();
    },
  };
}

/** What to write into services.json, with what each setting means. */
function howToSetUp({ name, schema }: ChannelKind): string {
  const settings = Object.entries(schema.shape);
  const example = settings.length === 0 ? '{}' : `{ ${settings.map(([key]) => `"${key}": "…"`).join(', ')} }`;
  const meanings = settings.flatMap(([key, { description }]) => (description === undefined ? [] : [` ${key}: ${description}`]));
  return `${name} is not set up. Write into services.json: "alerts": { "channels": { "${name}": ${example} } }.${meanings.join('')}`;
}
