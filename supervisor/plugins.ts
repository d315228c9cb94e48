// The tables of checks, service managers and channels: one line each. The only file that names concrete ones.
import { httpCheck } from './checks/http.ts';
import { tcpCheck } from './checks/tcp.ts';
import { desktopChannel } from './channels/desktop.ts';
import { discordChannel } from './channels/discord.ts';
import { logChannel } from './channels/log.ts';
import { configurationSchema } from './contract/configuration.ts';
import type { ChannelKind, Check, ServiceManagerKind } from './ports.ts';
import { commandManager } from './service-managers/command.ts';
import { launchdManager } from './service-managers/launchd.ts';
import { processManager } from './service-managers/process.ts';
import { systemdManager } from './service-managers/systemd.ts';

const byType = <Kind extends { readonly type: string }>(kinds: readonly Kind[]): Readonly<Record<string, Kind>> =>
  Object.fromEntries(kinds.map((kind) => [kind.type, kind]));

export const CHECKS: Readonly<Record<string, Check>> = byType<Check>([
  tcpCheck,
  httpCheck,
]);

export const SERVICE_MANAGERS: Readonly<Record<string, ServiceManagerKind>> = byType<ServiceManagerKind>([
  processManager,
  systemdManager,
  launchdManager,
  commandManager,
]);

export const CHANNELS: readonly ChannelKind[] = [
  desktopChannel,
  logChannel,
  discordChannel,
];

/** The schema of services.json with every kind that exists. */
export const servicesSchema = configurationSchema({
  checks: Object.values(CHECKS).map(({ schema }) => schema),
  managers: Object.values(SERVICE_MANAGERS).map(({ schema }) => schema),
  channels: Object.fromEntries(CHANNELS.map(({ name, schema }) => [name, schema])),
  givesStatus: (spec) => SERVICE_MANAGERS[spec.type]?.givesStatus(spec) ?? false,
  identity: (spec) => SERVICE_MANAGERS[spec.type]?.identity?.(spec) ?? null,
});
