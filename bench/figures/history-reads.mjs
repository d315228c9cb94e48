// Figure: how long the panel's questions to the history take with a year of 50 services in it.
import { join } from 'node:path';
import { build } from 'esbuild';
import { quantile, round } from '../numbers.mjs';
import { inTemporaryFolder, program, ROOT, startPartner } from '../running.mjs';

const TARGET_MS = 20;

export const historyReads = {
  name: 'history-reads',
  title: 'reads of the panel, 50 services and a year',
  method: 'A program makes a journal.db of 50 services through the product\'s own tables, the same every time: minutes of a day, hours of 90 days, days of a year (200,000 rows), 18,000 incidents, 20,000 heals, 290,000 events. '
    + 'It opens it as a running instance does and asks what the panel asks, each question once and then 20 times; median and worst of the 20, in process, without the way to the page. '
    + 'The first overview after a start reads the last day of each service into memory, which a running instance does ahead of time; it is told apart.',
  async measure() {
    const { madeMs, bytes, report } = await inTemporaryFolder(async (folder) => {
      const bundle = join(folder, 'history-reads.cjs');
      await build({
        absWorkingDir: ROOT, entryPoints: [program('history-reads.ts')], outfile: bundle, bundle: true, platform: 'node', format: 'cjs',
        target: 'node18.15', mainFields: ['module', 'main'], external: ['libsql', 'node-notifier'], logLevel: 'error',
      });
      const partner = await startPartner(bundle, { file: join(folder, 'journal.db') });
      try {
        let made;
        do made = await partner.ask('make'); while (!made.done);
        return { ...made, report: await partner.ask('measure') };
      } finally {
        await partner.end();
      }
    });
    const reads = Object.fromEntries(Object.entries(report).map(([name, { firstMs, times, bytes: length }]) =>
      [name, { medianMs: round(quantile(times, 0.5), 2), worstMs: round(Math.max(...times), 2), firstMs: round(firstMs, 1), answerBytes: length }]));
    const [slowest, { medianMs }] = Object.entries(reads).reduce((a, b) => (a[1].medianMs >= b[1].medianMs ? a : b));
    const worst = Object.entries(reads).reduce((a, b) => (a[1].worstMs >= b[1].worstMs ? a : b));
    return {
      reads, fileMb: round(bytes / 1e6), madeS: round(madeMs / 1000),
      measured: `slowest of ${Object.keys(reads).length}: ${slowest}, median ${medianMs} ms; worst single one ${worst[1].worstMs} ms (${worst[0]}); file ${round(bytes / 1e6)} MB`,
      target: `at most ${TARGET_MS} ms each, the worst of 20 too`, met: worst[1].worstMs <= TARGET_MS,
    };
  },
};
