// Two services over one unit or job would restart it twice for one outage: services.json may not say so.
import { expect, test } from 'vitest';
import { servicesSchema } from '../../../supervisor/plugins.ts';
import { parseServicesFile } from '../../../supervisor/store/services-file.ts';

const check = { type: 'tcp', port: 80 };
/** The mistakes in a file with these services, without file and position. */
function mistakesIn(services: Readonly<Record<string, unknown>>): string[] {
  const read = parseServicesFile(JSON.stringify({ version: 1, services }), { file: 'services.json', env: { TOKEN: 'secret' }, schema: servicesSchema });
  return read.ok ? [] : read.issues.map((line) => line.replace(/^services\.json:\d+:\d+ /, ''));
}
const twice = (first: object, second: object): string[] =>
  mistakesIn({ a: { checks: [check], manager: first }, between: { checks: [check] }, b: { checks: [check], manager: second } });

const nginx = { type: 'systemd', unit: 'nginx' };
const job = { type: 'launchd', label: 'com.example.api' };
const script = { type: 'command', restart: ['./control', 'restart', '${env:TOKEN}'] };

test.each([
  ['one systemd unit, however it is written', nginx, { type: 'systemd', unit: 'nginx.service', scope: 'system' }, 'a unit that no other service manages, but "a" manages nginx.service (system) already'],
  ['one launchd job', job, { ...job, domain: 'gui', plist: 'api.plist' }, 'a job that no other service manages, but "a" manages com.example.api (gui) already'],
])('%s under two services is refused at the second one', (_, first, second, expected) => {
  const [mistake, ...others] = twice(first, second);
  expect(others).toEqual([]);
  expect(mistake).toContain(`services.b.manager: expected ${expected}, got {"type":`);
  expect(mistake).not.toContain('secret');
});

test.each([
  ['two units', nginx, { type: 'systemd', unit: 'nginx.socket' }],
  ['one name in two scopes', nginx, { ...nginx, scope: 'user' }],
  ['one label in two domains', job, { ...job, domain: 'user' }],
  ['one command for two services', script, script],
  ['two processes from one command', { type: 'process', command: ['./serve'] }, { type: 'process', command: ['./serve'] }],
])('%s under two services are fine', (_, first, second) => {
  expect(twice(first, second)).toEqual([]);
});

test('of three services over one unit the second and the third are named', () => {
  const service = { manager: nginx };
  expect(mistakesIn({ a: service, b: service, c: service }).map((line) => line.replace(/:.*/, ''))).toEqual(['services.b.manager', 'services.c.manager']);
});

test('it is told together with the mistakes of others, and one that can\'t be read is not compared', () => {
  const mistakes = mistakesIn({ a: { manager: nginx }, b: { manager: nginx }, c: { manager: { type: 'systemd', unit: 7 } }, d: { manager: nginx, nmae: 'D' }, e: 'nginx', 'F!': { manager: nginx } });
  expect(mistakes.map((line) => line.replace(/:.*/, ''))).toEqual(['services.b.manager', 'services.c.manager.unit', 'services.d.nmae', 'services.e', expect.stringContaining('F!')]);
});
