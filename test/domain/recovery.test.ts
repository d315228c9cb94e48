// What is left to do for an attempt in the middle of which Upkeep died.
import { expect, test } from 'vitest';
import { recover, type Recovery } from '../../supervisor/domain/recovery.ts';
import type { Intent } from '../../supervisor/domain/state.ts';
import type { ManagerWord } from '../../supervisor/domain/verdict.ts';
import { KILLED, ROUNDS, type RoundKind } from '../builders/round.ts';
import { buildIntent } from '../builders/service-state.ts';

const EXITED: ManagerWord = { state: 'exited', cause: KILLED };
const RUNNING: ManagerWord = { state: 'running' };

test.each<{ name: string; step: Intent['step']; found: RoundKind; word?: ManagerWord; owned?: boolean; then: Recovery['kind'] }>([
  { name: 'it serves, wherever the attempt was: it was fixed', step: 'stopping', found: 'pass', then: 'fixed' },
  { name: 'it serves slowly: it was fixed', step: 'verifying', found: 'slow', then: 'fixed' },
  { name: 'it was being stopped and is gone: it is started', step: 'stopping', found: 'fail', word: EXITED, then: 'start' },
  { name: 'it was settling after the stop: it is started', step: 'settling-after-stop', found: 'fail', word: EXITED, then: 'start' },
  { name: 'it was about to be started and is not there: it is started', step: 'starting', found: 'fail', word: EXITED, then: 'start' },
  { name: 'it was about to be started and runs: it is not started twice', step: 'starting', found: 'fail', word: RUNNING, then: 'verify' },
  { name: 'it was being stopped and still runs: it is not killed again, but judged', step: 'stopping', found: 'fail', word: RUNNING, then: 'verify' },
  { name: 'it was started and is gone: the attempt is judged, not repeated', step: 'verifying', found: 'fail', word: EXITED, then: 'verify' },
  { name: 'it was settling after the start and is gone: the attempt is judged, not repeated', step: 'settling-after-start', found: 'fail', word: EXITED, then: 'verify' },
  { name: 'nobody can tell whether it runs: it is not started blindly', step: 'starting', found: 'unclear', then: 'verify' },
  { name: 'it is ours, was started and is gone: a quit or a reboot took it along, so it is started', step: 'verifying', found: 'fail', word: EXITED, owned: true, then: 'start' },
])('$name', ({ step, found, word = null, owned = false, then }) => {
  expect(recover(buildIntent({ step }), ROUNDS[found].verdict, word, owned).kind).toBe(then);
});
