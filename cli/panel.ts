// `upkeep panel`: asks the running instance for a one-time address of its panel, prints it and opens it in the browser.
import { EXIT } from './exit-code.ts';
import type { Invocation } from './invocation.ts';
import { askRunning } from './running.ts';

export async function panel(invocation: Invocation): Promise<number> {
  const { env, output, errors, print } = invocation;
  const answer = await askRunning(invocation, (api) => api.call('openPanel', {}));
  if (answer === null) {
    errors.print('Upkeep is not running; start it with "upkeep watch" or the tray app.');
    return EXIT.nothingKnown;
  }
  output.print(answer.address);
  if (print) return EXIT.done;
  // Whoever reads the address shall not wait for a browser.
  await output.flush();
  const { openAddress } = await import('../supervisor/index.ts');
  const obstacle = await openAddress(answer.address, { env, platform: process.platform });
  if (obstacle !== null) errors.print(obstacle);
  return EXIT.done;
}
