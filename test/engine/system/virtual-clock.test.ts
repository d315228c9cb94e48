import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../fakes/virtual-clock.ts';

const clockAtZero = () => new VirtualClock({ monoMs: 0, wallMs: 1_000_000 });

describe('the virtual clock', () => {
  test('runs timers in order, each at its exact time, also those made meanwhile', async () => {
    const clock = clockAtZero();
    const ran: string[] = [];
    const note = (name: string) => () => { ran.push(`${name} at ${clock.now().mono}`); };
    clock.after(20, note('b'));
    clock.after(10, () => { note('a')(); clock.after(10, note('c')); clock.after(100, note('late')); });
    await clock.advance(50);
    expect(ran).toEqual(['a at 10', 'b at 20', 'c at 20']);
    expect(clock.now()).toEqual({ mono: 50, wall: 1_000_050 });
    expect(clock.pending()).toBe(1);
  });
  test('lets promises settle before the next timer', async () => {
    const clock = clockAtZero();
    const ran: string[] = [];
    const work = async () => { for (let step = 0; step < 5; step += 1) await Promise.resolve(); ran.push(`done at ${clock.now().mono}`); clock.after(5, () => { ran.push(`next at ${clock.now().mono}`); }); };
    clock.after(10, () => { void work(); });
    clock.after(11, () => { ran.push(`other at ${clock.now().mono}`); });
    await clock.advance(20);
    expect(ran).toEqual(['done at 10', 'other at 11', 'next at 15']);
  });
  test('forgets a timer that is stopped', async () => {
    const clock = clockAtZero();
    const ran: string[] = [];
    const stop = clock.after(10, () => { ran.push('never'); });
    stop();
    stop();
    await clock.advance(100);
    expect(ran).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
  test('sleeps: wall time passes, timers stand still', async () => {
    const clock = clockAtZero();
    let ran = false;
    clock.after(10, () => { ran = true; });
    clock.sleep(3_600_000);
    await clock.advance(9);
    expect(ran).toBe(false);
    expect(clock.now()).toEqual({ mono: 9, wall: 1_000_000 + 3_600_009 });
    expect(clock.sleptMs()).toBe(3_600_000);
    await clock.advance(1);
    expect(ran).toBe(true);
  });
  test('is set: only wall time moves', () => {
    const clock = clockAtZero();
    clock.jumpWall(-500);
    expect(clock.now()).toEqual({ mono: 0, wall: 999_500 });
    expect(clock.sleptMs()).toBe(0);
  });
  test('holds a process up: what falls due meanwhile runs late, in its order, and no clock goes back', async () => {
    const clock = clockAtZero();
    const ran: string[] = [];
    for (const ms of [30, 10, 80]) clock.after(ms, () => { ran.push(`${ms} at ${clock.now().mono}`); });
    clock.holdUp(50);
    expect(ran).toEqual([]);
    await clock.advance(100);
    expect(ran).toEqual(['10 at 50', '30 at 50', '80 at 80']);
    expect(clock.now().mono).toBe(150);
  });
  test('passes on what a timer throws', async () => {
    const clock = clockAtZero();
    clock.after(1, () => { throw new Error('bug'); });
    await expect(clock.advance(1)).rejects.toThrow('bug');
  });
});
