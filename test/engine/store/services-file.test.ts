import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseServicesFile, readServicesFile } from '../../../supervisor/store/services-file.ts';
import { SCHEMA } from '../../fakes/plugin-schemas.ts';

const parse = (text: string, env: Record<string, string> = {}) => parseServicesFile(text, { file: 'services.json', env, schema: SCHEMA });
const issuesOf = (text: string, env: Record<string, string> = {}): readonly string[] => {
  const file = parse(text, env);
  return file.ok ? [] : file.issues;
};
/** One service "a" on the first line; `members` begin at column 31. */
const service = (members: string): string => `{"version":1,"services":{"a":{${members}}}}`;
const CHECKS = '"checks":[{"type":"tcp","port":1}]';

describe('a wrong services.json is told with place, path, value and what is expected', () => {
  const rows: { title: string; text: string; env?: Record<string, string>; issues: string[] }[] = [
    { title: 'a duration that is too short', text: service(`"interval":"100ms",${CHECKS}`), issues: ['1:42 services.a.interval: expected 250ms or more, got "100ms"'] },
    { title: 'a duration that is none', text: service(`"timeout":"5 sec",${CHECKS}`), issues: ['1:41 services.a.timeout: expected a duration such as "250ms", "10s", "5m" or "1h", got "5 sec"'] },
    { title: 'a number where a duration belongs', text: service(`"timeout":5,${CHECKS}`), issues: ['1:41 services.a.timeout: expected a duration such as "250ms", "10s", "5m" or "1h", got 5'] },
    { title: 'an unknown key like a known one', text: service(`"intervall":"1s",${CHECKS}`), issues: ['1:31 services.a.intervall: unknown key; did you mean "interval"?'] },
    { title: 'an unknown key like no known one', text: service('"checks":[{"type":"tcp","port":1,"x":2}]'), issues: ['1:64 services.a.checks[0].x: unknown key; known here: "host"'] },
    { title: 'an unknown key at the top', text: '{"version":1,"services":{},"limit":{}}', issues: ['1:28 limit: unknown key; did you mean "limits"?'] },
    { title: 'an unknown key of one kind of check that another kind has', text: service('"checks":[{"type":"tcp","port":1,"ur":"x"}]'), issues: ['1:64 services.a.checks[0].ur: unknown key; known here: "host"'] },
    { title: 'a duplicate key', text: '{"version":1,"services":{\n"a":{"checks":[{"type":"tcp","port":1}]},\n"a":{"checks":[{"type":"tcp","port":2}]}}}', issues: ['3:1 services: duplicate key "a", first at line 2'] },
    { title: 'an id that is none', text: '{"version":1,"services":{"My App":{"checks":[{"type":"tcp","port":1}]}}}', issues: ['1:26 services["My App"]: expected an id of lower-case letters, digits, ".", "_" or "-", at most 63 characters, beginning with a letter or digit, got "My App"'] },
    { title: 'mistakes in a service whose id is wrong', text: '{"version":1,"services":{"A":{"interval":1,"checks":[]}}}', issues: [
      '1:26 services.A: expected an id of lower-case letters, digits, ".", "_" or "-", at most 63 characters, beginning with a letter or digit, got "A"',
      '1:42 services.A.interval: expected a duration such as "250ms", "10s", "5m" or "1h", got 1',
      '1:53 services.A.checks: expected at least one check, or a service manager that gives a status, got []'] },
    { title: 'the id __proto__', text: '{"version":1,"services":{"__proto__":{}}}', issues: ['1:26 services.__proto__: unknown key'] },
    { title: 'a missing key, at the object that lacks it', text: service('"checks":[{"type":"tcp"}]'), issues: ['1:41 services.a.checks[0].port: expected a port from 1 to 65535, got nothing'] },
    { title: 'everything missing', text: '{}', issues: ['1:1 version: expected the number 1, got nothing', '1:1 services: expected an object with one entry a service, got nothing'] },
    { title: 'a misspelt kind of check', text: service('"checks":[{"type":"tpc","port":1}]'), issues: ['1:49 services.a.checks[0].type: expected "tcp" or "http", got "tpc"; did you mean "tcp"?'] },
    { title: 'a check without a kind', text: service('"checks":[{"port":1}]'), issues: ['1:41 services.a.checks[0].type: expected "tcp" or "http", got nothing'] },
    { title: 'a check that is no object', text: service('"checks":["tcp"]'), issues: ['1:41 services.a.checks[0]: expected a check with "type": "tcp", "http", got "tcp"'] },
    { title: 'a misspelt kind of manager', text: service(`"manager":{"type":"systemctl"},${CHECKS}`), issues: ['1:49 services.a.manager.type: expected "process" or "systemd", got "systemctl"; did you mean "systemd"?'] },
    { title: 'a misspelt severity', text: service(`"severity":"critcal",${CHECKS}`), issues: ['1:42 services.a.severity: expected "critical", "warning" or "info", got "critcal"; did you mean "critical"?'] },
    { title: 'a cooldown that is no duration', text: service(`"heal":{"cooldown":"soon"},${CHECKS}`), issues: ['1:50 services.a.heal.cooldown: expected a duration such as "5m", or {"from": "10s", "to": "5m"}, got "soon"'] },
    { title: 'a cooldown of another type', text: service(`"heal":{"cooldown":5},${CHECKS}`), issues: ['1:50 services.a.heal.cooldown: expected a duration such as "5m", or {"from": "10s", "to": "5m"}, got 5'] },
    { title: 'a misspelt key within a cooldown, at its own depth', text: service(`"heal":{"cooldown":{"from":"1s","too":"5m"}},${CHECKS}`), issues: [
      '1:50 services.a.heal.cooldown.to: expected a duration such as "250ms", "10s", "5m" or "1h", got nothing',
      '1:63 services.a.heal.cooldown.too: unknown key; did you mean "to"?'] },
    { title: 'a cooldown that shrinks', text: service(`"heal":{"cooldown":{"from":"5m","to":"1s"}},${CHECKS}`), issues: ['1:50 services.a.heal.cooldown: expected "from" no longer than "to", got {"from":"5m","to":"1s"}'] },
    { title: 'a duration above the largest within a union', text: service(`"heal":{"cooldown":"400d"},${CHECKS}`), issues: ['1:50 services.a.heal.cooldown: expected 8784h or less, got "400d"'] },
    { title: 'a wrong entry of a list within a union, at its own depth', text: service('"checks":[{"type":"http","url":"http://127.0.0.1","expect":{"status":[200,"x"]}}]'), issues: ['1:105 services.a.checks[0].expect.status[1]: expected a number, got "x"'] },
    { title: 'a text where a schema has no words of its own', text: service(`"manager":{"type":"process","command":"run"},${CHECKS}`), issues: ['1:69 services.a.manager.command: expected a list, got "run"'] },
    { title: 'a list that is empty', text: service(`"manager":{"type":"process","command":[]},${CHECKS}`), issues: ['1:69 services.a.manager.command: expected a list that is not empty, got []'] },
    { title: 'a channel that does not exist', text: '{"version":1,"services":{},"alerts":{"levels":{"info":{"to":["log","dicsord"]}}}}', issues: ['1:68 alerts.levels.info.to[1]: expected "desktop", "log" or "discord", got "dicsord"; did you mean "discord"?'] },
    { title: 'no check at all', text: service('"name":"A"'), issues: ['1:30 services.a.checks: expected at least one check, or a service manager that gives a status, got nothing'] },
    { title: 'no check beside another mistake', text: service('"interval":1'), issues: [
      '1:30 services.a.checks: expected at least one check, or a service manager that gives a status, got nothing',
      '1:42 services.a.interval: expected a duration such as "250ms", "10s", "5m" or "1h", got 1'] },
    { title: 'a service that is null', text: '{"version":1,"services":{"a":null}}', issues: ['1:30 services.a: expected an object, got null'] },
    { title: 'a long value, shortened', text: service(`"name":${JSON.stringify(['x'.repeat(80)])},${CHECKS}`), issues: [`1:38 services.a.name: expected a text, got ["${'x'.repeat(57)}…`] },
    { title: 'a variable that is not set', text: service(`"url":"\${env:NOWHERE}",${CHECKS}`), issues: ['1:37 services.a.url: environment variable NOWHERE is not set'] },
    { title: 'a reference without a name', text: service(`"name":"\${env:}",${CHECKS}`), issues: ['1:38 services.a.name: expected "${env:NAME}" with a name of letters, digits and "_"'] },
    { title: 'the text as written when the value of a variable does not fit', text: service(`"url":"\${env:SECRET}",${CHECKS}`), env: { SECRET: 'hunter2' }, issues: ['1:37 services.a.url: expected an http or https address, got "${env:SECRET}"'] },
    { title: 'a password in the address that is shown', text: service(`"url":"http://me:hunter2@h/",${CHECKS}`), issues: ['1:37 services.a.url: expected an http or https address without a password in it, got "http://…@h/"'] },
    { title: 'a token in the place of a user', text: service(`"url":"http://hunter2@h/",${CHECKS}`), issues: ['1:37 services.a.url: expected an http or https address without a password in it, got "http://…@h/"'] },
    { title: 'no credentials of a channel', text: '{"version":1,"services":{},"alerts":{"channels":{"discord":{"webhookUrl":"hunter2"}}}}', issues: ['1:74 alerts.channels.discord.webhookUrl: expected an address, got "…"'] },
    { title: 'no credentials within an object that is quoted', text: service('"checks":{"type":"http","headers":{"Authorization":"hunter2"},"url":"http://me:hunter2@h"}'), issues: ['1:40 services.a.checks: expected a list of checks, got {"type":"http","headers":{"Authorization":"…"},"url":"http:…'] },
    { title: 'a missing comma, and what else is wrong', text: '{"version":2 "services":{}}', issues: ['1:12 version: expected the number 1, got 2', '1:14 expected a comma'] },
    { title: 'a value without quotes', text: service('"interval":5s'), issues: ['1:43 expected a value: a text in double quotes, a number, true, false, null, {…} or […]'] },
    { title: 'an object that is not closed', text: '{"version":1,\n"services":{}', issues: ['2:14 expected "}" to close an object'] },
    { title: 'a list', text: '[1]', issues: ['1:1 expected an object such as {"version": 1, "services": {}}, got a list'] },
    { title: 'an empty file', text: ' \n', issues: ['1:1 expected an object such as {"version": 1, "services": {}}, got an empty file'] },
    { title: 'nothing but a comment', text: '// soon\n', issues: ['1:1 expected an object such as {"version": 1, "services": {}}, got an empty file'] },
    { title: 'lines that end as on Windows', text: '{"version":1,\r\n"services":{"a":{\r\n  "interval": 1, "checks":[{"type":"tcp","port":1}]}}}', issues: ['3:15 services.a.interval: expected a duration such as "250ms", "10s", "5m" or "1h", got 1'] },
  ];
  test.each(rows)('$title', ({ text, env, issues }) => {
    expect(issuesOf(text, env)).toEqual(issues.map((issue) => `services.json:${issue}`));
  });

  test('all mistakes come at once, in the order of the file', () => {
    const text = [
      '{ // the first line',
      '  "version": 2,',
      '  "services": {',
      '    "api": {',
      '      "intervall": "1s",',
      '      "checks": [{ "type": "tcp", "port": 70000.5 }, { "type": "htp" }],',
      '      "heal": { "maxPerHour": -1 },',
      '    },',
      '    "api": {},',
      '  },',
      '}',
    ].join('\n');
    expect(issuesOf(text)).toEqual([
      'services.json:2:14 version: expected the number 1, got 2',
      'services.json:5:7 services.api.intervall: unknown key; did you mean "interval"?',
      'services.json:6:43 services.api.checks[0].port: expected a port from 1 to 65535, got 70000.5',
      'services.json:6:64 services.api.checks[1].type: expected "tcp" or "http", got "htp"; did you mean "http"?',
      'services.json:7:31 services.api.heal.maxPerHour: expected 0 or more, got -1',
      'services.json:9:5 services: duplicate key "api", first at line 4',
    ]);
  });
});

describe('a right services.json', () => {
  test('hands out the way to blank what came from the environment, wherever in the file it stands', () => {
    const env = { TOKEN: 'tok-0123456789', PASSWORD: 'hunter22', UNUSED: 'apple', SHORT: 'abc' };
    const file = parse(service([
      '"checks":[{"type":"http","url":"http://127.0.0.1/","headers":{"Authorization":"Bearer ${env:TOKEN}","X-Short":"${env:SHORT}"}}]',
      '"manager":{"type":"process","command":["serve","--password=${env:PASSWORD}","$${env:UNUSED}"]}',
    ].join(',')), env);
    if (!file.ok) expect.fail(file.issues.join());
    expect(file.redact('body is "tok-0123456789 hunter22 apple abc Bearer", expected to contain "tok-012…"'))
      .toBe('body is "*** *** apple abc Bearer", expected to contain "***…"');
  });

  test('leaves hosts and ports readable: they name what is checked', () => {
    const env = { HOST: 'db.example.org', PORT: '15432', TOKEN: 'tok-0123456789' };
    const file = parse(service('"checks":[{"type":"http","url":"http://${env:HOST}:${env:PORT}/hook/${env:TOKEN}"}]'), env);
    if (!file.ok) expect.fail(file.issues.join());
    expect(file.redact('http://db.example.org:15432/hook/tok-0123456789: connection refused')).toBe('http://db.example.org:15432/hook/***: connection refused');
  });

  test('may have comments, trailing commas and a byte order mark', () => {
    const file = parse('\uFEFF{ /* a */ "version": 1, // b\n "services": { "a": { "checks": [{ "type": "tcp", "port": 1, },], }, }, }');
    expect(file).toMatchObject({ ok: true, configuration: { services: [{ id: 'a', checks: [{ type: 'tcp', port: 1 }], intervalMs: 10_000 }] } });
  });

  test.each([
    { title: 'a variable', written: 'http://${env:HOST}:${env:PORT}/', read: 'http://localhost:81/' },
    { title: 'an empty variable', written: 'http://h/${env:EMPTY}', read: 'http://h/' },
    { title: 'an escaped reference', written: 'http://h/$${env:HOST}', read: 'http://h/${env:HOST}' },
    { title: 'a value that looks like a reference is not replaced again', written: 'http://h/${env:NESTED}', read: 'http://h/${env:HOST}' },
  ])('has $title in a text', ({ written, read }) => {
    const file = parse(service(`"name":${JSON.stringify(written)},${CHECKS}`), { HOST: 'localhost', PORT: '81', EMPTY: '', NESTED: '${env:HOST}' });
    expect(file).toMatchObject({ ok: true, configuration: { services: [{ name: read }] } });
  });

  test.each(['http://h/@ada', 'https://h:81?to=a@b', 'http://h#a@b'])('may have the address %s: its "@" is no password\'s', (url) => {
    expect(parse(service(`"url":"${url}",${CHECKS}`))).toMatchObject({ ok: true, configuration: { services: [{ url }] } });
  });

  test('may name a channel that has no settings', () => {
    expect(parse('{"version":1,"services":{},"alerts":{"levels":{"critical":{"to":["discord"]}}}}')).toMatchObject({ ok: true });
  });
});

describe('positions', () => {
  /** Text as people may write it: comments and any white space between tokens. Returns where each value begins. */
  const space = fc.constantFrom('', ' ', '\n', '\r\n', '\t', ' /* "a": 1 */ ', '// "b": {\n', '\n\n  ');

  test('a wrong value is pointed at wherever it stands', () => {
    const wrong = fc.constantFrom('true', '-1', '"x y"', '[]', '{}', 'null');
    fc.assert(fc.property(wrong, fc.array(space, { minLength: 12, maxLength: 12 }), fc.constantFrom('interval', 'timeout', 'retryInterval'), (value, s, key) => {
      const before = `${s[0]}{${s[1]}"version":${s[2]}1,${s[3]}"services":${s[4]}{${s[5]}"b.c"${s[6]}:{${s[7]}${CHECKS},"${key}":${s[8]}`;
      const text = `${before}${value}${s[9]}}${s[10]}}}${s[11]}`;
      const lines = before.split(/\r\n|\n/);
      const [issue, ...more] = issuesOf(text);
      expect(more).toEqual([]);
      expect(issue).toBe(`services.json:${lines.length}:${(lines.at(-1) ?? '').length + 1} services["b.c"].${key}: expected a duration such as "250ms", "10s", "5m" or "1h", got ${value}`);
    }));
  });

  test('any text gives a configuration or issues with a place, and never throws', () => {
    const token = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '"version"', '1', '"services"', '"a"', '//', '/*', '*/', '\n', 'null', '${env:X}', '\\', '\u0000', '"checks"', '"type"', '"tcp"');
    fc.assert(fc.property(fc.array(token).map((tokens) => tokens.join('')), (text) => {
      const file = parse(text);
      if (file.ok) return;
      expect(file.issues.length).toBeGreaterThan(0);
      for (const issue of file.issues) expect(issue).toMatch(/^services\.json:[1-9]\d*:[1-9]\d* \S/);
    }));
  });
});

describe('a services.json that cannot be read', () => {
  let folder = '';
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'upkeep-services-')); });
  afterEach(async () => { await rm(folder, { recursive: true }); });
  const read = (name: string) => readServicesFile(join(folder, name), { env: {}, schema: SCHEMA });

  test('is missing', async () => {
    expect(await read('none.json')).toEqual({ ok: false, issues: [`${join(folder, 'none.json')}: does not exist; create it or name another one with --config FILE`] });
  });
  test('is a folder', async () => {
    await mkdir(join(folder, 'services.json'));
    expect(await read('services.json')).toEqual({ ok: false, issues: [`${join(folder, 'services.json')}: is a folder; name the file in it`] });
  });
  test('is in another encoding', async () => {
    await writeFile(join(folder, 'services.json'), Buffer.from('\uFEFF{"version":1}', 'utf16le'));
    expect(await read('services.json')).toEqual({ ok: false, issues: [`${join(folder, 'services.json')}: is not UTF-8 text; save it in the encoding UTF-8`] });
  });
  test('one below the current folder is named by its short path', async () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      await writeFile(join(folder, 'services.json'), '[]');
      expect(await read('services.json')).toMatchObject({ issues: [expect.stringMatching(/^services\.json:1:1 /)] });
    } finally {
      process.chdir(before);
    }
  });
});
