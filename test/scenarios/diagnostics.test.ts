import { describe, expect, it } from 'vitest';
import { diagnosticsSchema, type Diagnostics, type DiagnosticsSection } from '../../supervisor/contract/diagnostics.ts';
import type { MonoMs } from '../../supervisor/contract/reason.ts';
import { createTimerLateness } from '../../supervisor/timer-lateness.ts';
import { bedWith, type Bed } from './bed.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

async function asked(bed: Bed, withinMs = 0): Promise<Diagnostics> {
  const answer = bed.api.call('diagnostics', {});
  await bed.run(withinMs);
  return diagnosticsSchema.parse(await answer);
}
const factsOf = ({ sections }: Diagnostics, title: string): DiagnosticsSection['facts'] => sections.find((section) => section.title === title)?.facts ?? [];
const late = (diagnostics: Diagnostics): string[] => factsOf(diagnostics, 'Timers').map(({ value, state }) => `${value}: ${state}`);

describe('diagnostics, on virtual time', () => {
  it('say what runs, in what, where it finds programs and what it needs', async () => {
    const bed = await bedWith({ web: {} }).begin();
    await bed.run(3 * HOUR);
    expect((await asked(bed)).sections).toEqual([
      { title: 'Upkeep', facts: [
        { label: 'Version', value: '0.0.0', state: null }, { label: 'Process', value: '4242', state: null }, { label: 'Up since', value: '12:00, for 3 h', state: null },
        { label: 'Memory', value: '64 MiB', state: null }, { label: 'Runtime', value: 'Node 20.20.2', state: null }, { label: 'System', value: 'Linux 6.1 (x64)', state: null },
        { label: 'services.json', value: '/made-up/services.json', state: 'good' }, { label: 'Data folder', value: '/made-up', state: null },
      ] },
      { title: 'Path', facts: [{ label: '1', value: '/usr/bin', state: null }, { label: '2', value: '/opt/gone/bin (does not exist)', state: 'bad' }] },
      { title: 'Service managers', facts: [{ label: 'made-up', value: 'at hand', state: 'good' }] },
      { title: 'Notifications', facts: [{ label: 'made-up', value: 'at hand', state: 'good' }] },
      { title: 'Timers', facts: [{ label: 'Now', value: '0 ms late', state: 'good' }, { label: 'Worst in the last hour', value: '0 ms late', state: 'good' }] },
    ]);
    await bed.stop();
  });

  it('call what is missing bad only where a service or an alert needs it', async () => {
    for (const [services, state] of [[{ web: {} }, 'bad'], [{ web: { manager: null } }, null]] as const) {
      const bed = await bedWith(services).begin();
      bed.probe = async () => [{ label: 'made-up', found: false, value: 'there is none' }];
      expect(factsOf(await asked(bed), 'Service managers')).toEqual([{ label: 'made-up', value: 'there is none', state }]);
      await bed.stop();
    }
  });

  it('wait for nobody longer than two seconds, and for all of them at the same time', async () => {
    const bed = await bedWith({ web: {} }).begin();
    bed.probe = () => new Promise(() => undefined);
    let answered = false;
    const answer = bed.api.call('diagnostics', {}).then((diagnostics) => { answered = true; return diagnostics; });
    await bed.run(1_999);
    expect(answered).toBe(false);
    await bed.run(1);
    const diagnostics = await answer;
    for (const title of ['Service managers', 'Notifications']) expect(factsOf(diagnostics, title)[0]).toMatchObject({ value: 'did not answer within 2 s', state: 'bad' });
    await bed.stop();
  });

  it('show how late timers are now, and how late they were at worst within the hour', async () => {
    const bed = await bedWith({ web: {} }).begin();
    await bed.run(MINUTE);
    bed.clock.holdUp(2_700);
    await bed.run(0);
    expect(late(await asked(bed))).toEqual(['1700 ms late: bad', '1700 ms late: bad']);
    await bed.run(MINUTE);
    expect(late(await asked(bed))).toEqual(['0 ms late: good', '1700 ms late: bad']);
    await bed.run(HOUR);
    expect(late(await asked(bed))).toEqual(['0 ms late: good', '0 ms late: good']);
    await bed.stop();
  });

  it('do not take a machine that was asleep for late timers', async () => {
    const bed = await bedWith({ web: {} }).begin();
    await bed.run(MINUTE);
    bed.clock.sleep(2 * HOUR);
    await bed.run(5_000);
    expect(late(await asked(bed))).toEqual(['0 ms late: good', '0 ms late: good']);
    await bed.stop();
  });
});

describe('the lateness of timers', () => {
  const minute = (count: number): MonoMs => (count * MINUTE) as MonoMs;

  it('is the worst of the last sixty minutes, however many minutes nothing was noted', () => {
    const lateness = createTimerLateness();
    lateness.note(minute(1_000), 300);
    lateness.note(minute(1_000), 20);
    lateness.note(minute(1_030), 50);
    expect(lateness.read(minute(1_059))).toEqual({ nowMs: 50, worstInHourMs: 300 });
    expect(lateness.read(minute(1_060))).toEqual({ nowMs: 50, worstInHourMs: 50 });
    expect(lateness.read(minute(2_000)).worstInHourMs).toBe(0);
  });

  it('is never less than nothing', () => {
    const lateness = createTimerLateness();
    lateness.note(minute(1), -5);
    expect(lateness.read(minute(1))).toEqual({ nowMs: 0, worstInHourMs: 0 });
  });
});
