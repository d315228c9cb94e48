// What the address of `upkeep panel` and the page behind it agree on: where the one-time token stands, and where it becomes a session.
// Constants only: the page bundles this file and must stay small.

/** `http://127.0.0.1:PORT/#token=...`: a browser sends a fragment to nobody. */
export const TOKEN_FRAGMENT = '#token=';

/** POST `{"token": "..."}` as JSON: the answer sets the session's cookie. 401: the token is used up or too old, and no session goes on. */
export const SESSION_PATH = '/session';
