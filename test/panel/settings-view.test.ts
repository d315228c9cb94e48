// What the settings screen says of services.json, the disk and diagnostics.
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../supervisor/contract/settings.ts';
import { describeConfiguration, describeStorage, diagnosticsText, FIRST_QUIET_HOURS, withNotifications } from '../../renderer/settings/settings-view.ts';
import { settingsSchema } from '../../supervisor/contract/settings.ts';
import { service, snapshot } from './snapshot-builders.ts';

describe('services.json', () => {
  test('in force says so', () => {
    expect(describeConfiguration({ kind: 'hosting' }, snapshot([service('a')]))).toEqual({ file: '/home/ada/services.json', mistakes: [], state: 'It is in force. Changes are taken over as soon as the file is saved.' });
  });
  test('refused shows every mistake with its line', () => {
    const error = '/home/ada/services.json:14:19 services.api.interval: expected 250ms or more, got "100ms"\n/home/ada/services.json:20:3 services.web: unknown key';
    const view = describeConfiguration({ kind: 'hosting' }, snapshot([], { config: { file: '/home/ada/services.json', error } }));
    expect(view.state).toBe('The last change was refused; the version before stays in force.');
    expect(view.mistakes.map(({ line }) => line)).toEqual([14, 20]);
  });
  test('that cannot be used at all says that nothing is supervised', () => {
    const view = describeConfiguration({ kind: 'invalid', message: 'services.json has 1 mistake.', issues: ['The file /x/services.json is missing.'] }, null);
    expect(view).toEqual({ file: '', state: 'It cannot be used, so nothing is supervised until it is corrected.', mistakes: [{ text: 'The file /x/services.json is missing.', line: null }] });
  });
});

test('what is on disk stands with sizes people read', () => {
  const facts = describeStorage({ folder: '/home/ada/.local/state/upkeep', stateBytes: 812, journalBytes: 12_345_678, logsBytes: 0, journalLimitBytes: 500_000_000, oldest: new Date(2026, 9, 1, 8).toISOString() });
  expect(facts).toEqual([
    { label: 'Folder', value: '/home/ada/.local/state/upkeep' },
    { label: 'History', value: '12.3 MB of at most 500.0 MB, since 2026-10-01 08:00:00' },
    { label: 'Outputs and log', value: '0 bytes' },
    { label: 'State', value: '812 bytes' },
  ]);
});

test('diagnostics are copied as text, with what needs attention marked', () => {
  const text = diagnosticsText([
    { title: 'Upkeep', facts: [{ label: 'Version', value: '0.2.0', state: null }] },
    { title: 'Path', facts: [{ label: '', value: '/usr/bin', state: 'good' }, { label: '', value: '/gone', state: 'bad' }] },
  ]);
  expect(text).toBe('Upkeep\n  Version: 0.2.0\n\nPath\n  /usr/bin\n  /gone  (!)');
});

test('quiet hours that are turned on fit the schema', () => {
  expect(settingsSchema.safeParse(withNotifications(DEFAULT_SETTINGS, { quietHours: FIRST_QUIET_HOURS })).success).toBe(true);
});
