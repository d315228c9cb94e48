// Who supervises, over engines that do as they are told: hosting, attaching, losing, retrying, stopping.
import { describe, expect, test, vi } from 'vitest';
import { linkSupervisor, type LinkOptions } from '../../electron/supervisor-link.ts';
import type { LinkMessage } from '../../supervisor/contract/panel.ts';
import type { LiveMessage, UpkeepApi } from '../../supervisor/contract/api.ts';
import type { Snapshot } from '../../supervisor/contract/snapshot.ts';
import { AlreadyRunningError, ConfigurationError, type ConnectedApi, type Host } from '../../supervisor/index.ts';
import { service, snapshot } from './snapshot-builders.ts';

const SNAPSHOT = snapshot([service('a')]);

/** An engine that knows one snapshot and answers only `status`. */
function engine(known: Snapshot = SNAPSHOT) {
  const listeners = new Set<(message: LiveMessage) => void>();
  const api: UpkeepApi = {
    call: vi.fn(async () => known as never),
    subscribe(listener) {
      listeners.add(listener);
      listener({ kind: 'snapshot', snapshot: known });
      return () => listeners.delete(listener);
    },
  };
  const host: Host = { api, resumed: vi.fn(), stop: vi.fn(async () => {}) };
  let lose = () => {};
  const lost = new Promise<void>((resolve) => { lose = resolve; });
  const connected: ConnectedApi = { ...api, lost, close: vi.fn() };
  return { api, host, connected, lose: () => lose(), listeners };
}

const nobody = async () => null;
const alreadyRunning = () => { throw new AlreadyRunningError('/home/ada/upkeep', 42); };
const wrongConfiguration = () => { throw new ConfigurationError('/x/services.json', ['services.json:1:1 expected an object']); };

async function withLink(options: Partial<LinkOptions>, use: (link: ReturnType<typeof linkSupervisor>, heard: LinkMessage[]) => Promise<void>) {
  const link = linkSupervisor({ startHost: async () => engine().host, connect: nobody, retryMs: 5, ...options });
  const heard: LinkMessage[] = [];
  link.subscribe((message) => heard.push(message));
  try {
    await use(link, heard);
  } finally {
    await link.stop();
  }
}
const states = (heard: readonly LinkMessage[]) => heard.flatMap((message) => (message.kind === 'link' ? [message.link.kind] : []));
const until = (condition: () => boolean) => vi.waitFor(() => expect(condition()).toBe(true), { timeout: 30_000, interval: 2 });

describe('hosting', () => {
  test('supervises here and stops what it started', async () => {
    const { host, api } = engine();
    await withLink({ startHost: async () => host }, async (link, heard) => {
      await until(() => link.state.kind === 'hosting');
      expect(states(heard)).toEqual(['starting', 'hosting']);
      expect(link.snapshot).toEqual(SNAPSHOT);
      await link.call('restart', { service: 'a' });
      expect(api.call).toHaveBeenCalledWith('restart', { service: 'a' });
      link.resumed();
      expect(host.resumed).toHaveBeenCalledOnce();
      await Promise.all([link.stop(), link.stop()]);
      expect(host.stop).toHaveBeenCalledOnce();
    });
  });

  test('a late subscriber gets state and snapshot at once', async () => {
    await withLink({}, async (link) => {
      await until(() => link.snapshot !== null);
      const heard: LinkMessage[] = [];
      link.subscribe((message) => heard.push(message));
      expect(heard).toEqual([{ kind: 'link', link: { kind: 'hosting' } }, { kind: 'snapshot', snapshot: SNAPSHOT }]);
    });
  });

  test('stopping while the start is under way stops what the start brings', async () => {
    const { host } = engine();
    let start = (_host: Host) => {};
    const link = linkSupervisor({ startHost: () => new Promise((resolve) => { start = resolve; }), connect: nobody });
    const stopped = link.stop();
    start(host);
    await stopped;
    expect(host.stop).toHaveBeenCalledOnce();
    expect(link.state.kind).toBe('starting');
  });
});

describe('a wrong configuration', () => {
  test('is told once with its issues, and supervision begins when it has been corrected', async () => {
    let attempts = 0;
    const startHost = async () => (++attempts < 4 ? wrongConfiguration() : engine().host);
    await withLink({ startHost }, async (link, heard) => {
      await until(() => link.state.kind === 'hosting');
      expect(heard.filter(({ kind }) => kind === 'link')).toEqual([
        { kind: 'link', link: { kind: 'starting' } },
        { kind: 'link', link: { kind: 'invalid', message: '/x/services.json cannot be used.', issues: ['services.json:1:1 expected an object'] } },
        { kind: 'link', link: { kind: 'hosting' } },
      ]);
    });
  });

  test('commands meanwhile are refused as unavailable', async () => {
    await withLink({ startHost: async () => wrongConfiguration() }, async (link) => {
      await until(() => link.state.kind === 'invalid');
      await expect(link.call('heal', {})).rejects.toMatchObject({ code: 'unavailable', message: '/x/services.json cannot be used.' });
    });
  });
});

describe('another instance', () => {
  test('is attached to, and goes on when we stop', async () => {
    const other = engine();
    await withLink({ startHost: async () => alreadyRunning(), connect: async () => other.connected }, async (link, heard) => {
      await until(() => link.state.kind === 'attached');
      expect(states(heard)).toEqual(['starting', 'attached']);
      await link.stop();
      expect(other.connected.close).toHaveBeenCalledOnce();
      expect(other.host.stop).not.toHaveBeenCalled();
      expect(other.listeners.size).toBe(0);
    });
  });

  test('that goes away is replaced by this process', async () => {
    const other = engine();
    let isGone = false;
    const startHost = async () => (isGone ? engine().host : alreadyRunning());
    await withLink({ startHost, connect: async () => other.connected }, async (link, heard) => {
      await until(() => link.state.kind === 'attached');
      isGone = true;
      other.lose();
      await until(() => link.state.kind === 'hosting');
      expect(states(heard)).toEqual(['starting', 'attached', 'lost', 'hosting']);
      expect(other.listeners.size).toBe(0);
    });
  });

  test('that holds the data folder but does not answer is asked again', async () => {
    const other = engine();
    let asked = 0;
    await withLink({ startHost: async () => alreadyRunning(), connect: async () => (++asked < 3 ? null : other.connected) }, async (link, heard) => {
      await until(() => link.state.kind === 'attached');
      expect(states(heard)).toEqual(['starting', 'lost', 'attached']);
    });
  });
});

test('whatever else goes wrong is told and tried again', async () => {
  let attempts = 0;
  await withLink({ startHost: async () => { if (++attempts < 3) throw new Error('no space left'); return engine().host; } }, async (link, heard) => {
    await until(() => link.state.kind === 'hosting');
    expect(heard).toContainEqual({ kind: 'link', link: { kind: 'failed', message: 'Supervision cannot start: no space left' } });
    expect(attempts).toBe(3);
  });
});

test('attempts come every two seconds, and after stop none', async () => {
  vi.useFakeTimers();
  try {
    let attempts = 0;
    const link = linkSupervisor({ startHost: async () => { attempts += 1; return wrongConfiguration(); }, connect: nobody });
    await vi.advanceTimersByTimeAsync(1_999);
    expect(attempts).toBe(1);
    await vi.advanceTimersByTimeAsync(4_001);
    expect(attempts).toBe(4);
    await link.stop();
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts).toBe(4);
  } finally {
    vi.useRealTimers();
  }
});
