// The commands with which a person answers alerts, tries channels and changes settings: ids into acts, results into sentences.
// Checks no input's form (see supervisor-api.ts) and sends nothing itself.
import { ApiError, type ActOutcome, type CommandInput, type CommandName, type CommandResult } from './contract/api.ts';
import type { FormatTime } from './domain/explain.ts';
import type { Alert } from './domain/state.ts';
import { wall } from './domain/time.ts';
import type { Clock } from './ports.ts';
import type { Supervisor } from './supervisor.ts';

type AlertCommand = Extract<CommandName, 'settings' | 'changeSettings' | 'acknowledge' | 'snooze' | 'testChannel'>;
type AlertHandlers = { readonly [Name in AlertCommand]: (input: CommandInput<Name>) => Promise<CommandResult<Name>> };

export interface AlertApiParts {
  readonly supervisor: Pick<Supervisor, 'alerts' | 'channels' | 'settings' | 'persist'>;
  readonly clock: Clock;
  readonly format: FormatTime;
}

export function createAlertHandlers({ supervisor: { alerts, channels, settings, persist }, clock, format }: AlertApiParts): AlertHandlers {
  /** Says so once it is on disk: a person who was told that it is quiet now must not be reminded after a crash. */
  async function said(id: string, alert: Alert | null, message: string): Promise<ActOutcome> {
    if (alert === null) throw new ApiError('unknown-service', `There is no active alert "${id}": it may have ended already.`);
    await persist();
    return { service: alert.service, ok: true, message };
  }

  async function snooze({ alert, until }: CommandInput<'snooze'>): Promise<ActOutcome> {
    const untilWallMs = until === undefined ? null : wall(Date.parse(until));
    if (untilWallMs !== null && untilWallMs <= clock.now().wall) throw new ApiError('bad-request', `expected "until" to lie in the future, got "${until ?? ''}"`);
    return said(alert, alerts.snooze(alert, { untilWallMs }), `Snoozed; no more reminders until ${untilWallMs === null ? 'it recovers' : format(untilWallMs)}.`);
  }

  return {
    settings: async () => settings.get(),
    changeSettings: async ({ settings: wanted }) => {
      try {
        return await settings.change(wanted);
      } catch (error) {
        throw new ApiError('failed', `The settings could not be saved, so the old ones hold on: ${error instanceof Error ? error.message : String(error)}.`);
      }
    },
    acknowledge: ({ alert }) => said(alert, alerts.acknowledge(alert), 'No more reminders; you are told when it is over.'),
    snooze,
    testChannel: async ({ channel }) => {
      const answer = await channels.test(channel);
      if (answer === null) throw new ApiError('unknown-service', `There is no channel "${channel}"; there are ${channels.names().join(', ')}.`);
      return answer;
    },
  };
}
