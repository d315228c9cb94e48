// What every channel keeps to, whomever it tells. Run against each of them with real receivers.
import { afterEach, expect, test } from 'vitest';
import type { Channel, DeliveryResult } from '../../../supervisor/ports.ts';
import { notice } from './notices.ts';

export interface ChannelsUnderTest {
  /** Receivers that take the notice. */
  well(): Promise<Channel>;
  /** Receivers that don't, by what is wrong with them. */
  readonly broken: Readonly<Record<string, () => Promise<Channel>>>;
  /** A receiver that never says anything; null: there is nothing to wait for. */
  readonly silent: (() => Promise<Channel>) | null;
  /** Texts that no error may contain. */
  readonly secrets: readonly string[];
  /** Lets go of everything and fails when something is left. */
  cleanUp(): Promise<void>;
}

const never = new AbortController().signal;

export function channelSuite({ well, broken, silent, secrets, cleanUp }: ChannelsUnderTest): void {
  afterEach(cleanUp);

  const expectRefusal = (result: DeliveryResult): void => {
    expect(result).toMatchObject({ accepted: false, error: expect.stringMatching(/\S/) as string });
    for (const secret of secrets) expect(JSON.stringify(result)).not.toContain(secret);
  };

  test('a receiver that takes the notice has accepted it', async () => {
    expect(await (await well()).deliver(notice(), never)).toEqual({ accepted: true });
  });

  test('several notices, one after the other, are all accepted', async () => {
    const channel = await well();
    for (const kind of ['raised', 'repeated', 'resolved', 'fixed'] as const) expect(await channel.deliver(notice({ kind }), never)).toEqual({ accepted: true });
  });

  for (const [what, make] of Object.entries(broken)) {
    test(`${what}: the notice is not accepted, with an error that holds no secret`, async () => {
      expectRefusal(await (await make()).deliver(notice(), never));
    });
  }

  if (silent === null) return;

  test('a delivery that is aborted under way settles at once as not accepted', async () => {
    const controller = new AbortController();
    const delivering = (await silent()).deliver(notice(), controller.signal);
    controller.abort();
    expectRefusal(await delivering);
  });

  test('a delivery that is aborted before it begins is not accepted', async () => {
    expectRefusal(await (await well()).deliver(notice(), AbortSignal.abort()));
  });
}
