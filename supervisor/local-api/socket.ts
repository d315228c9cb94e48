// Answers where the local API is reached: one Unix socket in the data folder, under one host name.
// It never opens anything.
import { join } from 'node:path';

/** What a caller must put in its Host header: no name a web page could be made to resolve to us. */
export const LOCAL_API_HOST = 'upkeep';

/** The socket of the supervisor that runs over this data folder. */
export function locateSocket(home: string): string {
  return join(home, 'upkeep.sock');
}
