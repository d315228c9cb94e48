// Saves one state after the other into the file named on the command line and says each number once it is durably saved, until it is killed.
import { openStateFile } from '../../../../supervisor/store/state-file.ts';
import { buildState } from '../../../fakes/supervisor-state.ts';

const [file = '', first = '0'] = process.argv.slice(2);
const store = openStateFile(file);
await store.load();
for (let number = Number(first); ; number += 1) {
  // Two at once: the second waits while the first is written.
  const saved = [store.save(buildState({ generation: number, services: 20 })), store.save(buildState({ generation: number + 0.5, services: 20 }))];
  await Promise.all(saved);
  process.stdout.write(`${number}\n`);
}
