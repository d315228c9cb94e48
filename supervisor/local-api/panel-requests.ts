// Answers whether a request may come from the panel's own page: exact host, own origin, its cookie. Pure.
// Sites on this machine share the host 127.0.0.1 and all its cookies, so the port counts everywhere.
import type { IncomingMessage } from 'node:http';
import { refuse, type Answer } from './answer.ts';

type Asked = Pick<IncomingMessage, 'headers' | 'method'>;

export interface PanelAddress {
  /** `127.0.0.1:PORT`, never `localhost`: a name can be made to lead to us, a number can't. */
  readonly host: string;
  readonly origin: string;
  readonly cookie: string;
}

export function addressAt(port: number): PanelAddress {
  const host = `127.0.0.1:${port}`;
  return { host, origin: `http://${host}`, cookie: `upkeep_session_${port}` };
}

/** For whatever is asked: a rebound name is not our host, and nobody else's page needs anything of ours. */
export function refuseStranger({ headers }: Asked, { host, origin }: PanelAddress): Answer | null {
  if (headers.host !== host) return refuse(403, `The panel answers to the host "${host}" only.`);
  if (headers.origin !== undefined && headers.origin !== origin) return refuse(403, 'The panel does not answer pages of another origin.');
  return null;
}

/**
 * For what acts or tells something: our own page and nothing else. A browser always names the origin of a POST; with a GET of the page itself
 * it does not, but newer ones say that it is of the same origin, and then it must be.
 */
export function refuseOtherPages({ headers, method }: Asked): Answer | null {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return refuse(403, 'The panel answers its own page only.');
  if (method === 'POST' && headers.origin === undefined) return refuse(403, 'The panel answers its own page only: the request has no Origin header.');
  return null;
}

/** Every value of our cookie: another port of 127.0.0.1 may have set one of that name beside ours. */
export function secretsOf({ headers }: Asked, { cookie }: PanelAddress): readonly string[] {
  return (headers.cookie ?? '').split(';').map((pair) => pair.trim()).filter((pair) => pair.startsWith(`${cookie}=`)).map((pair) => pair.slice(cookie.length + 1));
}

/** Gone with the browser; not for scripts, not for requests that another site causes. */
export const cookieText = ({ cookie }: PanelAddress, secret: string): string => `${cookie}=${secret}; HttpOnly; SameSite=Strict; Path=/`;
