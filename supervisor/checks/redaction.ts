// Takes what a request carried out of what its answer quotes: services echo headers and addresses in their error pages.
import { blankerOf } from '../system/secrets.ts';

/** Headers that say what kind of answer is wanted, which is no secret. */
const HARMLESS = /^(accept(-.*)?|cache-control|connection|content-type|host|origin|user-agent)$/i;

/** A function that blanks the credentials of this request: header values, user and password, and the query. */
export function redactorOf({ url, headers }: { readonly url: string; readonly headers: Readonly<Record<string, string>> }): (text: string) => string {
  const parsed = new URL(url);
  const { password, search, searchParams } = parsed;
  const user = userOf(parsed);
  const carried = Object.entries(headers).filter(([name]) => !HARMLESS.test(name)).flatMap(([, value]) => [value, ...value.split(/[\s;,=]+/)]);
  const ofUser = user === null ? [] : [password, decode(password), Buffer.from(user).toString('base64')];
  return blankerOf([...carried, ...ofUser, search, ...searchParams.values()]);
}

/** "user:password" of an address, as HTTP's basic authentication takes it; null where there is none. */
export function userOf({ username, password }: URL): string | null {
  return username === '' && password === '' ? null : `${decode(username)}:${decode(password)}`;
}

/** A user or password that is wrongly encoded stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
