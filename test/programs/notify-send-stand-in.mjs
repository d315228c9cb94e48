#!/usr/bin/env node
// Stands in for notify-send 0.8: writes its arguments to $NOTIFY_FOLDER/<pid>.json and as a line to $NOTIFY_FOLDER/calls, prints an id, and waits for a click until it is ended.
// NOTIFY_AS says how it behaves: "clicked", "closed", "refused", "silent", "old"; anything else waits.
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { NOTIFY_FOLDER, NOTIFY_AS } = process.env;
const args = process.argv.slice(2);
const fail = (line) => { process.stderr.write(`${line}\n`); process.exit(1); };

writeFileSync(join(NOTIFY_FOLDER, `${process.pid}.json`), JSON.stringify(args));
appendFileSync(join(NOTIFY_FOLDER, 'calls'), `${JSON.stringify(args)}\n`);
process.on('SIGTERM', () => { appendFileSync(join(NOTIFY_FOLDER, 'ended'), `${process.pid}\n`); process.exit(143); });
if (NOTIFY_AS === 'old') fail('Unknown option --print-id');
if (NOTIFY_AS === 'refused') fail('GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: nobody here');
if (NOTIFY_AS !== 'silent') process.stdout.write(`${args.find((arg) => arg.startsWith('--replace-id='))?.slice(13) ?? process.pid}\n`);
if (NOTIFY_AS === 'clicked') process.stdout.write('default\n');
if (NOTIFY_AS !== 'clicked' && NOTIFY_AS !== 'closed') setInterval(() => undefined, 60_000);
