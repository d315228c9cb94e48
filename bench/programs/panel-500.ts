// Drives the panel in a real Electron: 500 services, four updates a second, a wheel that turns and a person who types.
// Writes what a trace of its main thread says to $BED_ARTIFACTS/panel-500.json. Bundled and started by bench/figures/panel-500.mjs, inside the bed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright';
import { DEFAULT_SETTINGS } from '../../supervisor/contract/settings.ts';
import type { Snapshot } from '../../supervisor/contract/snapshot.ts';
import { startPanelBed } from '../../test/desktop/panel-bed.ts';
import { manyOverview, manySnapshot } from '../../test/panel/overview-builders.ts';

const SERVICES = 500;
const UPDATE_MS = 250;
/** Each service is checked every ten seconds, so in each update one in forty has changed. */
const ROUNDS = 80;
const SCROLL = { yDistance: -24_000, speed: 3_000 };
/** Found and lost again: few rows, none, all. */
const TYPED = [...'worker 42', ...Array.from({ length: 9 }, () => 'Backspace'), ...'down', ...Array.from({ length: 4 }, () => 'Backspace'), ...'team 3', ...Array.from({ length: 6 }, () => 'Backspace')];

const folder = process.env['BED_ARTIFACTS'];
if (folder === undefined) throw new Error('Start this with "npm run bench -- panel-500".');

const bed = await startPanelBed();
try {
  await bed.app.evaluate((_electron, [settings, overview]) => {
    const { answers, calls } = globalThis.upkeepStage;
    // As the supervisor does: only what was asked for.
    const answer = () => {
      const wanted = new Set((calls.at(-1)?.input as { services?: string[] } | undefined)?.services);
      return { ...overview, services: overview.services.filter(({ service }) => wanted.has(service)) };
    };
    Object.defineProperty(Object.assign(answers, { settings }), 'overview', { get: answer });
  }, [DEFAULT_SETTINGS, manyOverview(SERVICES)] as const);
  const snapshots = Array.from({ length: ROUNDS }, (_, round) => manySnapshot(SERVICES, round));
  // As one text: thousands of objects one by one take minutes.
  await bed.app.evaluate((_electron, [text, everyMs]) => {
    const rounds = JSON.parse(text) as Snapshot[];
    let next = 0;
    const say = () => {
      const snapshot = rounds[next % rounds.length];
      next += 1;
      if (snapshot !== undefined) globalThis.upkeepStage.say({ kind: 'snapshot', snapshot });
    };
    say();
    setInterval(say, everyMs);
  }, [JSON.stringify(snapshots), UPDATE_MS] as const);
  const page = await bed.openPanel();
  await page.waitForSelector('.service');
  const session = await page.context().newCDPSession(page);
  const scrolling = await watchFrames(page, session, () => scroll(page, session));
  await page.evaluate(() => window.scrollTo(0, 0));
  const typing = await watchFrames(page, session, () => type(page));
  writeFileSync(join(folder, 'panel-500.json'), JSON.stringify({ scrolling, typing, version: await bed.app.evaluate(() => process.versions['chrome']) }));
} finally {
  await bed.end();
}

async function scroll(page: Page, session: CDPSession): Promise<void> {
  const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  const at = { x: Math.round(width / 2), y: Math.round(height / 2), gestureSourceType: 'mouse' as const };
  await session.send('Input.synthesizeScrollGesture', { ...at, ...SCROLL });
  await session.send('Input.synthesizeScrollGesture', { ...at, ...SCROLL, yDistance: -SCROLL.yDistance });
}

async function type(page: Page): Promise<void> {
  await page.keyboard.press('/');
  for (const key of TYPED) await page.keyboard.press(key, { delay: 30 });
}

interface TraceEvent { readonly name: string; readonly ph: string; readonly tid: number; /** Microseconds. */ readonly ts: number; readonly dur?: number; /** Of it CPU time. */ readonly tdur?: number }
/** In milliseconds, one number a frame. */
interface Frames {
  /** What the main thread of the page did for it, by the clock. */
  readonly work: readonly number[];
  /** Of it CPU time: other programs on the machine count less. */
  readonly cpu: readonly number[];
  /** From its beginning to that of the next. */
  readonly between: readonly number[];
  /** Single tasks of 50 ms and more. */
  readonly longTasks: readonly number[];
}

async function watchFrames(page: Page, session: CDPSession, act: () => Promise<void>): Promise<Frames> {
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => { events.push(...(value as unknown as TraceEvent[])); });
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'] } });
  // A page that asks for every frame has one as often as the screen.
  await page.evaluate(() => {
    const seen = { at: [] as number[], isOver: false };
    const next = (atMs: number) => { seen.at.push(atMs); if (!seen.isOver) requestAnimationFrame(next); };
    requestAnimationFrame(next);
    Reflect.set(globalThis, 'benchFrames', seen);
  });
  await act();
  const begins = await page.evaluate(() => {
    const seen = Reflect.get(globalThis, 'benchFrames') as { at: number[]; isOver: boolean };
    seen.isOver = true;
    return seen.at;
  });
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  return { ...sumFrames(events), between: betweenAll(begins) };
}

/** What lies between the tasks in which two frames begin belongs to the first of them. */
function sumFrames(events: readonly TraceEvent[]): Omit<Frames, 'between'> {
  const fires = events.filter(({ name }) => name === 'FireAnimationFrame');
  const tid = commonest(fires.map((event) => event.tid));
  const tasks = events.filter((event) => event.tid === tid && event.ph === 'X' && event.name === 'RunTask').sort((left, right) => left.ts - right.ts);
  const holding = fires.filter((event) => event.tid === tid).map((fire) => tasks.findLast(({ ts, dur = 0 }) => ts <= fire.ts && fire.ts <= ts + dur)?.ts ?? fire.ts);
  const begins = [...new Set(holding)].sort((left, right) => left - right);
  const perFrame = (of: (task: TraceEvent) => number) => begins.slice(0, -1).map((from, index) => {
    const to = begins[index + 1] ?? from;
    return tasks.filter(({ ts }) => ts >= from && ts < to).reduce((sum, task) => sum + of(task), 0) / 1_000;
  });
  return {
    work: perFrame(({ dur = 0 }) => dur), cpu: perFrame(({ dur = 0, tdur = dur }) => tdur),
    longTasks: tasks.map(({ dur = 0 }) => dur / 1_000).filter((ms) => ms >= 50),
  };
}

function betweenAll(moments: readonly number[]): readonly number[] {
  return moments.slice(1).map((at, index) => at - (moments[index] ?? at));
}

function commonest(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, left], [, right]) => right - left)[0]?.[0];
}
