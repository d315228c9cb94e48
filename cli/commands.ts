// The table of commands. What a command needs is loaded only when it runs: `upkeep status` does not wait for a database it never opens.
import type { Command } from './invocation.ts';

const THROUGH_RUNNING = 'Asks the running Upkeep, waits for the result and prints it. Exit code 0: done, 1: refused or failed.';

export const COMMANDS: Readonly<Record<string, Command>> = {
  watch: {
    summary: 'Supervise in the foreground, without a window', takes: '', options: ['json'],
    details: ['Ends with exit code 0 after SIGTERM, SIGINT or SIGHUP, once everything it started has stopped; a second signal ends it at once.', 'With --json one event a line.'],
    run: async (invocation) => (await import('./watch.ts')).watch(invocation),
  },
  status: {
    summary: 'Say how everything is', takes: '', options: ['json'],
    details: ['Asks the running Upkeep; without one, what was known last, marked as such.', 'Exit code 0: healthy, 1: degraded, 2: failing, 69: nothing is known.'],
    run: async (invocation) => (await import('./status.ts')).status(invocation),
  },
  check: {
    summary: 'Check once, now, and heal nothing', takes: '[id...]', options: ['json'],
    details: ['Needs no running Upkeep. Exit code 0: healthy, 1: degraded, 2: failing.'],
    run: async (invocation) => (await import('./status.ts')).check(invocation),
  },
  restart: {
    summary: 'Restart a service', takes: '<id>', options: ['json'], details: [THROUGH_RUNNING, 'Cooldown and budgets do not hold it back.'],
    run: async (invocation) => (await import('./act.ts')).actOnOne('restart', invocation),
  },
  start: {
    summary: 'Start a service', takes: '<id>', options: ['json'], details: [THROUGH_RUNNING],
    run: async (invocation) => (await import('./act.ts')).actOnOne('start', invocation),
  },
  stop: {
    summary: 'Stop a service; it stays stopped until you start it', takes: '<id>', options: ['json'], details: [THROUGH_RUNNING],
    run: async (invocation) => (await import('./act.ts')).actOnOne('stop', invocation),
  },
  heal: {
    summary: 'Check services now and restart those that fail', takes: '[id...]', options: ['json'], details: [THROUGH_RUNNING, 'Without an id: all services.'],
    run: async (invocation) => (await import('./act.ts')).heal(invocation),
  },
  pause: {
    summary: 'Look away: check, heal and alert nothing', takes: '[id]', options: ['for', 'json'], details: [THROUGH_RUNNING, 'Without an id: everything.'],
    run: async (invocation) => (await import('./act.ts')).pause(invocation),
  },
  resume: {
    summary: 'End a pause', takes: '[id]', options: ['json'], details: [THROUGH_RUNNING, 'Without an id: everything.'],
    run: async (invocation) => (await import('./act.ts')).resume(invocation),
  },
  panel: {
    summary: 'Show the panel in a browser', takes: '', options: ['print'],
    details: [
      'Prints an address of the running Upkeep and opens it. It works once, within 2 minutes, on this machine only.',
      'The panel is closed to browsers again when nobody has used it for 15 minutes.', 'Exit code 0: it has an address, 69: Upkeep is not running.',
    ],
    run: async (invocation) => (await import('./panel.ts')).panel(invocation),
  },
  history: {
    summary: 'List heals, newest first', takes: '[id]', options: ['since', 'json'], details: ['Without --since the last 100.', 'With --json an array of events, at most 10,000.'],
    run: async (invocation) => (await import('./history.ts')).history('heal', invocation),
  },
  stats: {
    summary: 'Say how reliable everything was: availability, incidents, heals', takes: '[id]', options: ['json'],
    details: ['Without an id: a sentence a service, then all together. Without a running Upkeep what is written down.', 'With --json one object; what its parts mean stands in supervisor/contract/history.ts.'],
    run: async (invocation) => (await import('./stats.ts')).stats(invocation),
  },
  alerts: {
    summary: 'List alerts, newest first', takes: '', options: ['json'], details: ['With --json an array of events.'],
    run: async (invocation) => (await import('./history.ts')).history('alert', invocation),
  },
  validate: {
    summary: 'Check services.json for mistakes', takes: '[file]', options: [], details: ['Prints all of them at once. Exit code 0: valid, 78: not.'],
    run: async (invocation) => (await import('./configuration.ts')).validate(invocation),
  },
  schema: {
    summary: 'Print the JSON Schema of services.json', takes: '', options: [], details: [],
    run: async (invocation) => (await import('./configuration.ts')).schema(invocation),
  },
};
