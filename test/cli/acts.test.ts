// What does something goes through the running instance and ends with its result.
import { describe, expect, test } from 'vitest';
import { eventually } from '../engine/local-api/eventually.ts';
import { useBundledCli } from './bundled-cli.ts';

const bed = useBundledCli();

describe.each(['restart', 'start', 'stop'] as const)('%s', (name) => {
  test('prints the result of its service', async () => {
    const { api } = await bed.serve();
    expect(await bed.run([name, 'api'])).toEqual({ code: 0, out: '✓ api: It serves again after 0.4 s.\n', err: '' });
    expect(api.calls).toContainEqual({ name, input: { service: 'api' } });
  });

  test('ends with 1 when refused', async () => {
    const { api } = await bed.serve();
    api.outcome = { ok: false, message: 'It is only watched.' };
    expect(await bed.run([name, 'api'])).toMatchObject({ code: 1, out: '✗ api: It is only watched.\n' });
  });

  test('--json prints the outcome', async () => {
    const { api } = await bed.serve();
    const { code, out } = await bed.run([name, 'api', '--json']);
    expect({ code, outcome: JSON.parse(out) as unknown }).toEqual({ code: 0, outcome: { service: 'api', ...api.outcome } });
  });
});

describe.each([
  { argv: ['heal'], call: { name: 'heal', input: {} }, of: ['api', 'postgres'] },
  { argv: ['heal', 'postgres', 'api'], call: { name: 'heal', input: { services: ['postgres', 'api'] } }, of: ['postgres', 'api'] },
  { argv: ['pause'], call: { name: 'pause', input: {} }, of: ['api', 'postgres'] },
  { argv: ['pause', 'api'], call: { name: 'pause', input: { service: 'api' } }, of: ['api'] },
  { argv: ['resume'], call: { name: 'resume', input: {} }, of: ['api', 'postgres'] },
  { argv: ['resume', 'api'], call: { name: 'resume', input: { service: 'api' } }, of: ['api'] },
])('$argv', ({ argv, call, of }) => {
  test('is asked of the running instance, and every result is printed', async () => {
    const { api } = await bed.serve();
    expect(await bed.run(argv)).toEqual({ code: 0, out: of.map((id) => `✓ ${id}: It serves again after 0.4 s.\n`).join(''), err: '' });
    expect(api.calls).toContainEqual(call);
    expect(JSON.parse((await bed.run([...argv, '--json'])).out)).toEqual(of.map((service) => ({ service, ...api.outcome })));
  });
});

test('pause --for ends that much later', async () => {
  const { api } = await bed.serve();
  const earliest = Date.now();
  expect(await bed.run(['pause', 'api', '--for', '1h'])).toMatchObject({ code: 0 });
  const { until } = api.calls.at(-1)?.input as { until: string };
  expect(Date.parse(until)).toBeGreaterThanOrEqual(earliest + 3_600_000);
  expect(Date.parse(until)).toBeLessThanOrEqual(Date.now() + 3_600_000);
});

test.each([
  { argv: ['restart', 'postgers'], says: 'There is no service "postgers". Did you mean "postgres"?' },
  { argv: ['heal', 'api', 'apy'], says: 'There is no service "apy". Did you mean "api"?' },
  { argv: ['pause', 'Not An Id'], says: 'There is no service "Not An Id".' },
])('$argv: an unknown id ends with 64, and nothing is done', async ({ argv, says }) => {
  const { api } = await bed.serve();
  expect(await bed.run(argv)).toEqual({ code: 64, out: '', err: `upkeep: ${says}\n` });
  expect(api.calls.map(({ name }) => name)).toEqual(['status']);
});

test.each([['restart', 'api'], ['start', 'api'], ['stop', 'api'], ['heal'], ['pause'], ['resume']])('%s without a running instance ends with 1 and says what to do', async (...argv) => {
  expect(await bed.run(argv)).toEqual({ code: 1, out: '', err: 'Upkeep is not running; start it with "upkeep watch" or the tray app.\n' });
});

test('a supervisor that goes away in the middle is told', async () => {
  const { api, server } = await bed.serve();
  api.gate = new Promise(() => undefined);
  const { ended } = bed.start(['restart', 'api']);
  await eventually(() => { expect(api.calls.at(-1)).toMatchObject({ name: 'restart' }); });
  await server.close();
  expect(await ended).toMatchObject({ code: 1, err: expect.stringContaining('whether "restart" was done is not known') as string });
});
