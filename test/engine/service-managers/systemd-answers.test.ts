// What systemctl says, recorded from systemd 252, and what it means. The manager itself runs against a real systemd in test/systemd.
import { describe, expect, test } from 'vitest';
import type { LogResult, ManagerStatus } from '../../../supervisor/ports.ts';
import { systemdManager } from '../../../supervisor/service-managers/systemd.ts';
import { logOf, refusalOf, saysStartLimit, statusOf, unitName } from '../../../supervisor/service-managers/systemd-answers.ts';
import type { RunResult } from '../../../supervisor/system/run-command.ts';
import { parse } from './manager-bed.ts';

const answer = (changes: Partial<RunResult>): RunResult => ({ exitCode: 0, signal: null, stdout: '', stderr: '', timedOut: false, notFound: false, startError: null, ...changes });
const exited = (cause: Extract<ManagerStatus, { state: 'exited' }>['cause']): ManagerStatus => ({ state: 'exited', cause });

describe('systemctl show', () => {
  test.each<[string, ManagerStatus]>([
    ['ActiveState=active SubState=running MainPID=412', { state: 'running', pid: 412 }],
    ['ActiveState=active SubState=exited MainPID=0', { state: 'running', pid: null }],
    ['ActiveState=reloading MainPID=412', { state: 'running', pid: 412 }],
    ['ActiveState=activating SubState=auto-restart Result=signal MainPID=0 ExecMainCode=2 ExecMainStatus=9', { state: 'starting' }],
    ['ActiveState=deactivating SubState=stop-sigterm', { state: 'stopping' }],
    ['ActiveState=inactive LoadState=loaded Result=success ExecMainPID=0 ExecMainCode=0', exited({ kind: 'not-running' })],
    ['ActiveState=inactive Result=success ExecMainPID=412 ExecMainCode=1 ExecMainStatus=0', exited({ kind: 'exit-code', code: 0 })],
    ['ActiveState=inactive Result=success ExecMainPID=412 ExecMainCode=2 ExecMainStatus=15', exited({ kind: 'signal', signal: 'SIGTERM' })],
    ['ActiveState=failed Result=exit-code ExecMainPID=412 ExecMainCode=1 ExecMainStatus=7', exited({ kind: 'exit-code', code: 7 })],
    ['ActiveState=failed Result=exit-code ExecMainPID=412 ExecMainCode=1 ExecMainStatus=0', exited({ kind: 'other', text: 'one of the commands around its main process failed' })],
    ['ActiveState=failed Result=signal ExecMainPID=412 ExecMainCode=2 ExecMainStatus=9', exited({ kind: 'signal', signal: 'SIGKILL' })],
    ['ActiveState=failed Result=core-dump ExecMainPID=412 ExecMainCode=3 ExecMainStatus=11', exited({ kind: 'signal', signal: 'SIGSEGV' })],
    ['ActiveState=failed Result=oom-kill ExecMainPID=412 ExecMainCode=2 ExecMainStatus=9', exited({ kind: 'out-of-memory' })],
    ['ActiveState=failed Result=start-limit-hit ExecMainPID=412 ExecMainCode=1 ExecMainStatus=0', exited({ kind: 'start-limit' })],
    ['ActiveState=failed Result=watchdog ExecMainPID=412 ExecMainCode=2 ExecMainStatus=6', exited({ kind: 'other', text: 'it missed its watchdog' })],
    ['ActiveState=failed Result=timeout ExecMainPID=412 ExecMainCode=2 ExecMainStatus=9', exited({ kind: 'other', text: 'it took too long to start or stop' })],
    ['LoadState=not-found ActiveState=inactive Result=success', { state: 'unknown', why: 'the unit api.service does not exist' }],
    ['LoadState=not-found ActiveState=active MainPID=412', { state: 'running', pid: 412 }],
    ['LoadState=bad-setting ActiveState=inactive', { state: 'unknown', why: 'the file of the unit api.service has errors' }],
    ['', { state: 'unknown', why: 'systemctl says api.service is ""' }],
  ])('%s', (properties, expected) => {
    expect(statusOf(answer({ stdout: properties.replaceAll(' ', '\n') }), 'api.service')).toEqual(expected);
  });

  test('a systemctl that does not answer says nothing about the service', () => {
    expect(statusOf(answer({ exitCode: null, timedOut: true }), 'api.service')).toEqual({ state: 'unknown', why: 'systemctl did not answer' });
  });
});

describe('a refusal', () => {
  test.each<[string, Partial<RunResult>, string, RegExp]>([
    ['a plain user and a system unit', { exitCode: 1, stderr: 'Failed to restart api.service: Interactive authentication required.\nSee system logs and \'systemctl status api.service\' for details.' }, 'needs-privilege', /^systemctl needs a password for system units\. Use a user unit, or allow it in polkit\.$/],
    ['polkit says no', { exitCode: 1, stderr: 'Failed to restart api.service: Access denied' }, 'needs-privilege', /polkit/],
    ['an unknown unit', { exitCode: 5, stderr: 'Failed to start api.service: Unit api.service not found.' }, 'not-found', /^the unit api\.service does not exist\./],
    ['stopping an unknown unit', { exitCode: 5, stderr: 'Failed to stop api.service: Unit api.service not loaded.' }, 'not-found', /does not exist/],
    ['a masked unit', { exitCode: 1, stderr: 'Failed to start api.service: Unit api.service is masked.' }, 'failed', /systemctl unmask/],
    ['the start limit after a clean exit', { exitCode: 1, stderr: 'Job for api.service failed because start of the service was attempted too often.\nSee "systemctl --user status api.service" and "journalctl --user -xeu api.service" for details.' }, 'start-limit', /started too often/],
    ['no session', { exitCode: 1, stderr: 'Failed to connect to bus: $DBUS_SESSION_BUS_ADDRESS and $XDG_RUNTIME_DIR not defined (consider using --machine=<user>@.host --user to connect to bus of other user)' }, 'unavailable', /enable-linger/],
    ['a container without systemd', { exitCode: 1, stderr: 'System has not been booted with systemd as init system (PID 1). Can\'t operate.\nFailed to connect to bus: Host is down' }, 'unavailable', /does not run on this machine/],
    ['no systemctl', { exitCode: null, notFound: true, startError: 'ENOENT' }, 'unavailable', /no systemctl/],
    ['anything else is quoted without its hints', { exitCode: 1, stderr: 'Warning: The unit file, source configuration file or drop-ins of api.service changed on disk. Run \'systemctl --user daemon-reload\' to reload units.\nJob for api.service failed because the control process exited with error code.\nSee "systemctl --user status api.service" and "journalctl --user -xeu api.service" for details.' }, 'failed', /^Job for api\.service failed because the control process exited with error code\.$/],
    ['no word at all', { exitCode: 3 }, 'failed', /^systemctl ended with code 3\.$/],
  ])('%s', (_name, ran, code, message) => {
    const refusal = refusalOf(answer(ran), 'api.service');
    expect(refusal.code).toBe(code);
    expect(refusal.message).toMatch(message);
  });
});

describe('the journal of a unit', () => {
  const read = (changes: Partial<RunResult>, count = 5): LogResult => logOf(answer(changes), 'journal of api.service', count);
  test.each<[string, Partial<RunResult>, readonly string[]]>([
    ['its lines', { stdout: '2026-11-22T14:00:00+0000 box api[412]: listening\n2026-11-22T14:00:01+0000 box api[412]: \u001B[31mout of memory\u001B[0m\n' }, ['2026-11-22T14:00:00+0000 box api[412]: listening', '2026-11-22T14:00:01+0000 box api[412]: out of memory']],
    ['nothing yet', { stdout: '-- No entries --\n' }, []],
    ['a reboot in between', { stdout: 'a\n-- Boot 3f2a --\nb\n' }, ['a', 'b']],
    ['where the journal of an older systemd begins', { stdout: '-- Journal begins at Sun 2026-11-22 14:00:00 UTC, ends at Sun 2026-11-22 15:00:00 UTC. --\na\n' }, ['a']],
    ['a message of several lines', { stdout: 'a: one\n   two\n   three\n   four\n   five\n   six\n' }, ['   two', '   three', '   four', '   five', '   six']],
    ['a hint beside lines', { stdout: 'a\n', stderr: 'Hint: You are currently not seeing messages from other users and the system.\n' }, ['a']],
  ])('%s', (_name, ran, lines) => {
    expect(read(ran)).toEqual({ ok: true, source: 'journal of api.service', lines });
  });

  test.each<[string, Partial<RunResult>, string, RegExp]>([
    ['no journal may be read', { exitCode: 1, stderr: 'Hint: You are currently not seeing messages from other users and the system.\n      Users in groups \'adm\', \'systemd-journal\' can see all messages.\nNo journal files were opened due to insufficient permissions.' }, 'needs-privilege', /"systemd-journal"/],
    ['only the user\'s own may be read', { stdout: '-- No entries --\n', stderr: 'Hint: You are currently not seeing messages from other users and the system.\n' }, 'needs-privilege', /"systemd-journal"/],
    ['no journalctl', { exitCode: null, notFound: true, startError: 'ENOENT' }, 'unavailable', /^there is no journalctl on this machine\.$/],
    ['it may not be started', { exitCode: null, startError: 'EACCES' }, 'unavailable', /\(EACCES\)\.$/],
    ['no answer', { exitCode: null, timedOut: true }, 'timed-out', /in time\.$/],
    ['anything else is quoted', { exitCode: 1, stderr: 'Failed to open the journal: Input/output error' }, 'failed', /^Failed to open the journal: Input\/output error\.$/],
    ['no word at all', { exitCode: 3 }, 'failed', /^journalctl ended with code 3\.$/],
  ])('%s', (_name, ran, code, message) => {
    const result = read(ran);
    expect(result).toMatchObject({ ok: false, refusal: { code, message: expect.stringMatching(message) as string } });
  });
});

test('the journal tells of the start limit in its own words', () => {
  expect(saysStartLimit('api.service: Start request repeated too quickly.\napi.service: Failed with result \'signal\'.')).toBe(true);
  expect(saysStartLimit('api.service: Scheduled restart job, restart counter is at 5.')).toBe(false);
});

test.each([['nginx', 'nginx.service'], ['nginx.service', 'nginx.service'], ['postgresql@15-main', 'postgresql@15-main.service'], ['org.example.api', 'org.example.api.service'], ['backup.timer', 'backup.timer']])('unit %s means %s', (name, expected) => {
  expect(unitName(name)).toBe(expected);
});

test.each(['--root=/', '-x', 'a b', '', 'a\nb'])('unit %j is refused', (unit) => {
  expect(systemdManager.schema.safeParse({ type: 'systemd', unit }).error?.issues[0]?.message).toMatch(/^the name of a unit, such as "nginx"/);
});

test('the scope is the system unless said otherwise, as in systemctl', () => {
  expect(parse(systemdManager, { unit: 'nginx' }).scope).toBe('system');
});
