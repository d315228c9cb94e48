// fails-while-broken.mjs PORT [DELAY_MS]: while a file named "broken" lies in its working directory it says so and exits with code 3 at once;
// otherwise it serves like notes-its-starts.mjs.
import { existsSync } from 'node:fs';

if (existsSync('broken')) {
  console.error('cannot open its database');
  process.exit(3);
}
await import('./notes-its-starts.mjs');
