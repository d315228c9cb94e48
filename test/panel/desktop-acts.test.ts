// What a page may ask of main: a channel for each command and act of the contract, and what the diagnostics say.
import { describe, expect, test } from 'vitest';
import { describeDesktop, type DesktopFacts } from '../../electron/desktop-diagnostics.ts';
import { COMMAND_CHANNELS, DESKTOP_CHANNELS } from '../../electron/panel-message.ts';
import { API, NOT_FOR_PAGES } from '../../supervisor/contract/api.ts';
import { DESKTOP } from '../../supervisor/contract/panel.ts';

describe('channels', () => {
  test('there is one for every command but those no page may ask for', () => {
    expect([...Object.keys(COMMAND_CHANNELS), ...NOT_FOR_PAGES].sort()).toEqual(Object.keys(API).sort());
  });
  test('there is one for every act of the desktop app', () => {
    expect(Object.keys(DESKTOP_CHANNELS).sort()).toEqual(Object.keys(DESKTOP).sort());
  });
  test('no two are the same', () => {
    const all = [...Object.values(COMMAND_CHANNELS), ...Object.values(DESKTOP_CHANNELS)];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('diagnostics', () => {
  const facts: DesktopFacts = {
    platform: 'linux', versions: { electron: '45.4.1', chrome: '156.0.1', node: '24.1.0' }, isSandboxed: true,
    startAtLogin: { enabled: false, note: null }, desktop: 'GNOME', sessionType: 'wayland', hasTrayHost: true, hasNotificationDaemon: true,
  };
  const valueOf = (differs: Partial<DesktopFacts>, label: string) => {
    const found = describeDesktop({ ...facts, ...differs }).sections.flatMap((section) => section.facts).find((fact) => fact.label === label);
    return found === undefined ? null : [found.value, found.state];
  };
  test.each<[string, Partial<DesktopFacts>, unknown]>([
    ['Electron', {}, ['45.4.1', null]],
    ['Sandbox', {}, ['on', 'good']],
    ['Sandbox', { isSandboxed: false }, ['off', 'bad']],
    ['Start at login', {}, ['off', null]],
    ['Start at login', { startAtLogin: { enabled: false, note: 'It was switched off.' } }, ['off; It was switched off.', null]],
    ['Desktop', {}, ['GNOME', null]],
    ['Desktop', { desktop: undefined }, ['not said', null]],
    ['Session', { sessionType: '' }, ['not said', null]],
    ['Tray', {}, ['there is one', 'good']],
    ['Tray', { hasTrayHost: false }, ['none; the window opens instead', 'bad']],
    ['Tray', { hasTrayHost: null }, ['the session bus does not answer', 'bad']],
    ['Notification daemon', { hasNotificationDaemon: false }, ['none; alerts stay in the panel', 'bad']],
    ['Tray', { platform: 'darwin' }, null],
    ['System', { platform: 'darwin' }, ['darwin', null]],
  ])('%s with %o', (label, differs, expected) => expect(valueOf(differs, label)).toEqual(expected));
});
