// Answers who may enter the panel's door: one-time tokens, and the sessions they were exchanged for.
// It keeps digests only, compares them in constant time, and forgets every session with the door.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock, Stop } from '../ports.ts';

/** A token that nobody has used is void after this time. */
export const TOKEN_LIVES_MS = 2 * 60_000;
/** A session, and the whole door, end when nothing has used them for this long. */
export const IDLE_MS = 15 * 60_000;
const SECRET_BYTES = 32;

export interface PanelKeys {
  /** A new one-time token. */
  mintToken(): string;
  /**
   * `begun`: the token is used up and `secret` opens its session. `goes-on`: one of `secrets` has a session already.
   * null: the token is void. One that was used before also ends the session it began: two have seen the address.
   */
  exchange(token: string, secrets: readonly string[]): { readonly kind: 'begun'; readonly secret: string } | { readonly kind: 'goes-on' } | null;
  /** Uses the session that one of `secrets` opens until the returned function is called; `onEnded`: the session ended meanwhile. null: there is none. */
  enter(secrets: readonly string[], onEnded: Stop): Stop | null;
  /** No timer is left. */
  end(): void;
}

interface Key { readonly digest: Buffer }
interface Token extends Key { readonly expiresMs: number }
interface Session extends Key {
  readonly tokenDigest: Buffer;
  /** What uses it at the moment. */
  readonly uses: Set<Stop>;
  lastUsedMs: number;
}

/** `onIdle` is called once, when nothing has used the door for `IDLE_MS`. */
export function createPanelKeys(clock: Clock, onIdle: () => void): PanelKeys {
  const tokens = new Set<Token>();
  const sessions = new Set<Session>();
  let idle: Stop = () => undefined;
  let hasEnded = false;

  const nowMs = (): number => clock.now().mono;
  const isIdle = ({ uses, lastUsedMs }: Session): boolean => uses.size === 0 && nowMs() >= lastUsedMs + IDLE_MS;
  const forgetOld = (): void => {
    for (const token of tokens) if (nowMs() >= token.expiresMs) tokens.delete(token);
    for (const session of sessions) if (isIdle(session)) sessions.delete(session);
  };
  /** Called with every use of the door: the time until it is idle begins anew, unless something still uses it. */
  const used = (): void => {
    idle();
    if (hasEnded) return;
    if ([...sessions].every(({ uses }) => uses.size === 0)) idle = clock.after(IDLE_MS, onIdle);
  };
  const sessionOf = (secrets: readonly string[]): Session | undefined => {
    forgetOld();
    return secrets.map((secret) => find(sessions, digestOf(secret))).find((session) => session !== undefined);
  };
  const endSessionOf = (tokenDigest: Buffer): void => {
    for (const session of sessions) {
      if (!timingSafeEqual(session.tokenDigest, tokenDigest)) continue;
      sessions.delete(session);
      for (const onEnded of session.uses) onEnded();
    }
  };
  used();
  return {
    mintToken() {
      forgetOld();
      const token = mintSecret();
      tokens.add({ digest: digestOf(token), expiresMs: nowMs() + TOKEN_LIVES_MS });
      used();
      return token;
    },
    exchange(text, secrets) {
      const session = sessionOf(secrets);
      const digest = digestOf(text);
      const token = find(tokens, digest);
      if (token !== undefined) tokens.delete(token);
      if (session !== undefined) {
        session.lastUsedMs = nowMs();
        used();
        return { kind: 'goes-on' };
      }
      if (token === undefined) {
        endSessionOf(digest);
        return null;
      }
      const secret = mintSecret();
      sessions.add({ digest: digestOf(secret), tokenDigest: digest, uses: new Set(), lastUsedMs: nowMs() });
      used();
      return { kind: 'begun', secret };
    },
    enter(secrets, onEnded) {
      const session = sessionOf(secrets);
      if (session === undefined) return null;
      // Its own function, so that the same one given twice is two uses.
      const use = (): void => { onEnded(); };
      session.uses.add(use);
      used();
      return () => {
        if (!session.uses.delete(use)) return;
        session.lastUsedMs = nowMs();
        used();
      };
    },
    end() {
      hasEnded = true;
      idle();
      tokens.clear();
      sessions.clear();
    },
  };
}

const mintSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');
const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Looks at every one, so that the time it takes tells nothing. */
function find<One extends Key>(among: ReadonlySet<One>, digest: Buffer): One | undefined {
  return [...among].filter((one) => timingSafeEqual(one.digest, digest))[0];
}
