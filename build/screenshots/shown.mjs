// Answers which services the pictures show, what their days are usually like, and what has happened to them before.
// Made up, but for a machine as people have them; ports are those of nobody else, so that real ones run beside them.

/**
 * @typedef {object} Outage
 * @property {number} agoMin when it began
 * @property {number} lastsS
 * @property {'killed' | 'memory' | 'failing' | 'refusing'} how
 * @property {boolean} [called] a person was called, since the first restart did not help
 *
 * @typedef {object} Shown
 * @property {string} id
 * @property {string} name
 * @property {string} group
 * @property {number} port
 * @property {number} answerMs
 * @property {'http' | 'tcp'} check
 * @property {boolean} [watched] nobody can restart it
 * @property {readonly Outage[]} outages newest first
 */
const HOUR = 60;
const DAY = 24 * HOUR;

/** @type {readonly Shown[]} */
export const SHOWN = [
  { id: 'website', name: 'Website', group: 'Shop', port: 18080, answerMs: 24, check: 'http', outages: [{ agoMin: 4 * DAY + 95, lastsS: 4, how: 'killed' }, { agoMin: 31 * DAY, lastsS: 6, how: 'killed' }] },
  {
    id: 'shop-api', name: 'Shop API', group: 'Shop', port: 18081, answerMs: 42, check: 'http',
    outages: [
      { agoMin: 3 * HOUR + 12, lastsS: 9, how: 'failing' }, { agoMin: 19 * HOUR + 40, lastsS: 412, how: 'failing', called: true }, { agoMin: 3 * DAY + 610, lastsS: 11, how: 'memory' },
      { agoMin: 9 * DAY + 200, lastsS: 8, how: 'failing' }, { agoMin: 23 * DAY + 44, lastsS: 14, how: 'memory' }, { agoMin: 52 * DAY, lastsS: 940, how: 'failing', called: true },
    ],
  },
  { id: 'worker', name: 'Order worker', group: 'Shop', port: 18082, answerMs: 8, check: 'http', outages: [{ agoMin: 5 * HOUR + 31, lastsS: 3, how: 'memory' }, { agoMin: 2 * DAY + 77, lastsS: 3, how: 'memory' }] },
  { id: 'postgres', name: 'Postgres', group: 'Data', port: 15432, answerMs: 1, check: 'tcp', outages: [{ agoMin: 38 * DAY, lastsS: 21, how: 'killed' }] },
  { id: 'redis', name: 'Redis', group: 'Data', port: 16379, answerMs: 1, check: 'tcp', outages: [] },
  { id: 'queue', name: 'Queue', group: 'Data', port: 15672, answerMs: 18, check: 'http', outages: [{ agoMin: 11 * HOUR + 8, lastsS: 37, how: 'refusing' }, { agoMin: 6 * DAY + 30, lastsS: 41, how: 'refusing' }] },
  { id: 'photos', name: 'Photos', group: 'Home', port: 18091, answerMs: 55, check: 'http', outages: [{ agoMin: DAY + 310, lastsS: 7, how: 'killed' }] },
  { id: 'nas', name: 'NAS', group: 'Home', port: 14450, answerMs: 2, check: 'tcp', watched: true, outages: [{ agoMin: 2 * DAY + 900, lastsS: 1_380, how: 'refusing', called: true }] },
];

const targetOf = ({ check, port }) => (check === 'http' ? { type: 'http', url: `http://127.0.0.1:${port}/health` } : { type: 'tcp', port });

/** Quick, since pictures are waited for. */
export const configuration = {
  version: 1,
  defaults: {
    interval: '1s', retryInterval: '300ms', breaker: { failureThreshold: 3, openFor: '2s' },
    heal: { verifyWithin: '5s' },
  },
  services: Object.fromEntries(SHOWN.map((shown) => [shown.id, {
    name: shown.name, group: shown.group,
    ...(shown.check === 'http' && { url: `http://127.0.0.1:${shown.port}/` }),
    ...(shown.watched !== true && { manager: { type: 'process', command: ['node', 'service.mjs', shown.id, String(shown.port), String(shown.answerMs)] } }),
    checks: [targetOf(shown)],
    ...(shown.group === 'Home' && { severity: 'warning' }),
  }])),
};
