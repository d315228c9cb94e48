// Answers through the running Upkeep, when there is one.
import type { UpkeepApi } from '../supervisor/contract/api.ts';
import type { Invocation } from './invocation.ts';

/** null: no Upkeep is running over this data folder. */
export async function askRunning<Answer>({ env }: Invocation, ask: (api: UpkeepApi) => Promise<Answer>): Promise<Answer | null> {
  const { connect, locateHome } = await import('../supervisor/index.ts');
  const api = await connect(locateHome(env, process.platform));
  if (api === null) return null;
  try {
    return await ask(api);
  } finally {
    api.close();
  }
}
