// Opens the data folder named on the command line and says what came of it.
import { openDataFolder } from '../../../../supervisor/store/data-folder.ts';

const [home = ''] = process.argv.slice(2);
try {
  process.stdout.write(`${openDataFolder(home).lock}\n`);
} catch (error) {
  process.stdout.write(`${String(error)}\n`);
}
