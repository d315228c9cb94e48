// Eyes and hands on the desktop of with-desktop.sh: the tray icon and its menu as the panel gets them over D-Bus, the
// pixels of the screen, and the notifications that programs send. Works only inside the bed; asserts nothing itself.
import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { z } from 'zod';
import { waitFor, type WaitOptions } from './wait-for.ts';

const run = promisify(execFile);

// ---- D-Bus ---------------------------------------------------------------------------------------------------------

async function busctl<T>(schema: z.ZodType<T>, verb: 'call' | 'get-property', args: readonly string[]): Promise<T> {
  const { stdout } = await run('busctl', ['--user', '--json=short', verb, '--', ...args]);
  return z.object({ data: schema }).parse(JSON.parse(stdout)).data;
}

// ---- the tray ------------------------------------------------------------------------------------------------------

/** Where a tray icon lives on the session bus. Stays valid until its program ends. */
export interface TrayItem {
  readonly bus: string;
  readonly path: string;
}

const itemInterface = 'org.kde.StatusNotifierItem';
const watcher = ['org.kde.StatusNotifierWatcher', '/StatusNotifierWatcher', 'org.kde.StatusNotifierWatcher'];

/** The icons that are registered with the panel now. */
export async function listTrayItems(): Promise<readonly TrayItem[]> {
  const names = await busctl(z.array(z.string()), 'get-property', [...watcher, 'RegisteredStatusNotifierItems']);
  return names.map((name) => {
    const slash = name.indexOf('/');
    return { bus: name.slice(0, slash), path: name.slice(slash) };
  });
}

/** Waits until exactly one icon is in the tray. A test ends its app before it starts the next one. */
export function waitForTrayItem(options?: WaitOptions): Promise<TrayItem> {
  return waitFor(
    'one icon in the tray',
    async () => {
      const items = await listTrayItems();
      return items.length === 1 ? items[0] : undefined;
    },
    options,
  );
}

/** Waits until the tray is empty, as it is after the app has ended. */
export async function waitForEmptyTray(options?: WaitOptions): Promise<void> {
  await waitFor('an empty tray', async () => (await listTrayItems()).length === 0, options);
}

function readItemProperty<T>(item: TrayItem, name: string, schema: z.ZodType<T>): Promise<T> {
  return busctl(schema, 'get-property', [item.bus, item.path, itemInterface, name]);
}

/** The icon's title; old Electron versions leave it empty. */
export function readTrayTitle(item: TrayItem): Promise<string> {
  return readItemProperty(item, 'Title', z.string());
}

const toolTipSchema = z.tuple([z.string(), z.array(z.unknown()), z.string(), z.string()]);

/** The text that appears when the mouse rests on the icon. */
export async function readTrayTooltip(item: TrayItem): Promise<string> {
  const [, , title] = await readItemProperty(item, 'ToolTip', toolTipSchema);
  return title;
}

// ---- its menu ------------------------------------------------------------------------------------------------------

export interface MenuItem {
  /** D-Bus number; changes with every new menu, so look items up by label. */
  readonly id: number;
  /** Without the underscore that marks a keyboard shortcut. */
  readonly label: string;
  readonly type: 'standard' | 'separator';
  readonly enabled: boolean;
  readonly visible: boolean;
  /** undefined: not a check box or radio item. */
  readonly checked: boolean | undefined;
  readonly children: readonly MenuItem[];
}

const menuInterface = 'com.canonical.dbusmenu';
const variant = <T>(schema: z.ZodType<T>) => z.object({ data: schema }).transform(({ data }) => data);
const propertiesSchema = z.object({
  label: variant(z.string()).optional(),
  type: variant(z.enum(['standard', 'separator'])).optional(),
  enabled: variant(z.boolean()).optional(),
  visible: variant(z.boolean()).optional(),
  'toggle-type': variant(z.string()).optional(),
  'toggle-state': variant(z.number()).optional(),
});
const layoutSchema: z.ZodType<MenuItem> = z.tuple([z.number(), propertiesSchema, z.array(z.lazy(() => variant(layoutSchema)))]).transform(([id, properties, children]) => ({
  id,
  label: (properties.label ?? '').replace(/_(.)/g, '$1'),
  type: properties.type ?? 'standard',
  enabled: properties.enabled ?? true,
  visible: properties.visible ?? true,
  checked: properties['toggle-type'] ? properties['toggle-state'] === 1 : undefined,
  children,
}));

/** The icon's whole menu, submenus included, as it is now. */
export async function readTrayMenu(item: TrayItem): Promise<readonly MenuItem[]> {
  const path = await readItemProperty(item, 'Menu', z.string());
  const all = ['0', '-1', '0']; // from the root, at any depth, every property
  const [, root] = await busctl(z.tuple([z.number(), layoutSchema]), 'call', [item.bus, path, menuInterface, 'GetLayout', 'iias', ...all]);
  return root.children;
}

/** A label, or a pattern for one that carries changing text. */
export type LabelPattern = string | RegExp;

/** The item that a path of labels leads to; undefined when there is none. */
export function findMenuItem(menu: readonly MenuItem[], path: readonly LabelPattern[]): MenuItem | undefined {
  const [pattern, ...rest] = path;
  if (pattern === undefined) return undefined;
  const found = menu.find(({ label }) => (typeof pattern === 'string' ? label === pattern : pattern.test(label)));
  return rest.length === 0 || found === undefined ? found : findMenuItem(found.children, rest);
}

/**
 * Clicks a menu item as the panel would; waits for it to be there and enabled. D-Bus itself would also click what is
 * greyed out, which no hand can do.
 */
export async function clickTrayMenu(item: TrayItem, path: readonly LabelPattern[], options?: WaitOptions): Promise<void> {
  const menuPath = await readItemProperty(item, 'Menu', z.string());
  await waitFor(
    `the enabled menu item ${path.join(' > ')}`,
    async () => {
      const found = findMenuItem(await readTrayMenu(item), path);
      if (found === undefined || !found.enabled || !found.visible) return false;
      try {
        await run('busctl', ['--user', 'call', '--', item.bus, menuPath, menuInterface, 'Event', 'isvu', String(found.id), 'clicked', 'i', '0', '0']);
      } catch (error) {
        // An item that quits the app may take the answer to the click along with it.
        if (!/disconnected|without replying|NoReply/i.test(String(error))) throw error;
      }
      return true;
    },
    options,
  );
}

// ---- the screen ----------------------------------------------------------------------------------------------------

/** Saves what is on the whole screen as a picture; the file's ending says which kind. */
export async function takeScreenshot(file: string): Promise<void> {
  await run('import', ['-window', 'root', file]);
}

export interface ColourOnScreen {
  /** Centre of the smallest rectangle around all pixels of the colour. */
  readonly x: number;
  readonly y: number;
  readonly pixels: number;
}

/** Looks for pixels of exactly this colour, given as "#rrggbb"; undefined when there are none. */
export async function findColour(colour: string): Promise<ColourOnScreen | undefined> {
  const { stdout: size } = await run('xdotool', ['getdisplaygeometry']);
  const width = Number(size.split(' ')[0]);
  const { stdout: screen } = await run('import', ['-window', 'root', '-depth', '8', 'rgb:-'], { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 });
  const wanted = Buffer.from(colour.slice(1), 'hex');
  const columns: number[] = [];
  const rows: number[] = [];
  for (let at = screen.indexOf(wanted); at >= 0; at = screen.indexOf(wanted, at + 1)) {
    if (at % 3 !== 0) continue; // the end of one pixel and the start of the next
    columns.push((at / 3) % width);
    rows.push(Math.floor(at / 3 / width));
  }
  if (columns.length === 0) return undefined;
  return { x: centre(columns), y: centre(rows), pixels: columns.length };
}

function centre(values: readonly number[]): number {
  const [least, most] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  return Math.round((least + most) / 2);
}

// ---- notifications -------------------------------------------------------------------------------------------------

export interface RecordedNotification {
  readonly appName: string;
  readonly summary: string;
  readonly body: string;
  /** The number of the notification this one takes the place of; 0: none. */
  readonly replacesId: number;
  /** -1: as the daemon likes; 0: never. */
  readonly expireTimeoutMs: number;
}

export interface NotificationRecorder {
  /** Everything sent since the recording began, oldest first. */
  readonly notifications: readonly RecordedNotification[];
  /** Waits for the first one, past or future, that matches. */
  waitForNotification(matches: (notification: RecordedNotification) => boolean, options?: WaitOptions): Promise<RecordedNotification>;
  /** Ends the recording; stopping twice is fine. */
  stop(): Promise<void>;
}

const notifySchema = z
  .object({ payload: z.object({ data: z.tuple([z.string(), z.number(), z.string(), z.string(), z.string(), z.array(z.string()), z.unknown(), z.number()]) }) })
  .transform(({ payload: { data } }): RecordedNotification => {
    const [appName, replacesId, , summary, body, , , expireTimeoutMs] = data;
    return { appName, summary, body, replacesId, expireTimeoutMs };
  });

/** Records what programs send to the notification daemon; resolves when nothing can be missed any more. */
export async function recordNotifications(): Promise<NotificationRecorder> {
  const notifications: RecordedNotification[] = [];
  const match = "type='method_call',interface='org.freedesktop.Notifications',member='Notify'";
  const monitor = spawn('busctl', ['--user', '--json=short', 'monitor', '--match', match], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => monitor.once('close', () => resolve()));
  let said = '';
  monitor.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  createInterface({ input: monitor.stdout }).on('line', (line) => notifications.push(notifySchema.parse(JSON.parse(line))));
  const stop = () => {
    monitor.kill();
    return ended;
  };
  try {
    await waitFor('busctl to listen', () => said.includes('Monitoring bus message stream'));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    notifications,
    waitForNotification: (matches, options) => waitFor('a notification', () => notifications.find(matches), options),
    stop,
  };
}
