// Asks a service of programs/answers-its-pid.mjs over and over who answers. Judges nothing.
import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export const POLL_EVERY_MS = 2;
const ANSWER_WITHIN_MS = 500;
const GIVE_UP_AFTER_MS = 30_000;

/** The process id the service answers with status 200; null: no such answer. Every request has a connection of its own. */
function askPid(port) {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, agent: false, timeout: ANSWER_WITHIN_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk)).on('error', () => resolve(null));
      response.once('end', () => resolve(response.statusCode === 200 ? Number(text) : null));
    });
    request.once('timeout', () => request.destroy()).once('error', () => resolve(null));
  });
}

/** Resolves with the process id and the time (performance.now) of the first answer of any process but `notPid`. */
export async function firstAnswer(port, notPid = null) {
  for (const endsAtMs = performance.now() + GIVE_UP_AFTER_MS; performance.now() < endsAtMs;) {
    const pid = await askPid(port);
    if (pid !== null && pid !== notPid) return { pid, atMs: performance.now() };
    await delay(POLL_EVERY_MS);
  }
  throw new Error(`Nobody new has answered on port ${port} within ${GIVE_UP_AFTER_MS} ms.`);
}
