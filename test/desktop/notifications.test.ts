// The desktop channel on a real notification service (xfce4-notifyd): what replaces what, how many stand on the screen, and clicks.
// Runs inside test/bed/with-desktop.sh.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { desktopChannel, type DesktopChannel } from '../../supervisor/channels/desktop.ts';
import type { Notice } from '../../supervisor/ports.ts';
import { recordNotifications, type NotificationRecorder } from '../bed/desktop.ts';
import { clickOpen, dismissNotifications, untilNotifications } from '../bed/notifications-on-screen.ts';
import { waitFor } from '../bed/wait-for.ts';
import { listen, notice } from '../engine/channels/notices.ts';

const never = new AbortController().signal;
let notes: NotificationRecorder;
let channel: DesktopChannel;
let clicks: string[] = [];

const about = (id: string, differs: Partial<Notice> = {}): Notice => notice({ alertId: `alert-${id}`, service: { id, name: id }, title: `${id} is down`, ...differs });
const ends = (id: string): Notice => about(id, { kind: 'resolved', ended: 'recovered', title: `${id} is up again` });
const titles = (): string[] => notes.notifications.map(({ summary }) => summary);

beforeEach(async () => {
  notes = await recordNotifications();
  const ear = listen();
  clicks = ear.clicks;
  channel = desktopChannel.create({}, ear.context);
});
afterEach(async () => {
  channel.dispose();
  await notes.stop();
  await dismissNotifications();
});

describe('on a real desktop', () => {
  test('an alert has one notification, which its reminder and its end replace', { timeout: 60_000 }, async () => {
    expect(await channel.deliver(about('pg'), never)).toEqual({ accepted: true });
    const [window] = await untilNotifications(1);
    for (const next of [about('pg', { kind: 'repeated' }), ends('pg')]) {
      expect(await channel.deliver(next, never)).toEqual({ accepted: true });
      expect(await untilNotifications(1)).toEqual([window]);
    }
    expect(titles()).toEqual(['pg is down', 'pg is down', 'pg is up again']);
    const [first, ...later] = notes.notifications.map(({ replacesId }) => replacesId);
    expect(first).toBe(0);
    expect(new Set(later).size).toBe(1);
    expect(later[0]).toBeGreaterThan(0);
  });

  test('a burst is one notification that counts down to its end', { timeout: 60_000 }, async () => {
    await channel.deliver(about('pg'), never);
    await Promise.all(['redis', 'web'].map((id) => channel.deliver(about(id), never)));
    for (const id of ['redis', 'pg', 'web']) {
      await channel.deliver(ends(id), never);
      await untilNotifications(1);
    }
    expect(titles()).toEqual(['pg is down', '3 services are down; the first was pg', '2 of 3 services are still down', '1 of 3 services is still down', 'All 3 services are up again']);
    expect(notes.notifications[1]?.body).toBe('pg, redis, web');
    expect(new Set(notes.notifications.slice(1).map(({ replacesId }) => replacesId)).size).toBe(1);
  });

  test('a click on a joined notification opens the first service that is still down', { timeout: 60_000 }, async () => {
    await channel.deliver(about('pg'), never);
    await channel.deliver(about('redis'), never);
    await channel.deliver(ends('pg'), never);
    const [window = ''] = await untilNotifications(1);
    await clickOpen(window);
    await waitFor('the click', () => clicks.length > 0);
    expect(clicks).toEqual(['redis']);
  });

  test('a test notification stands beside an alert', { timeout: 60_000 }, async () => {
    await channel.deliver(about('pg'), never);
    await channel.deliver(notice({ kind: 'test', alertId: 'test-1', service: null, title: 'Upkeep test notification', message: 'It works.' }), never);
    await untilNotifications(2);
    expect(titles()).toEqual(['pg is down', 'Upkeep test notification']);
  });
});
