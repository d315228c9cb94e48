// The ways in which supervision cannot begin, as errors the shells tell apart. Apart from what throws them, because asking a running
// instance must not load the engine.

/** services.json cannot be used. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly code = 'configuration';
  readonly file: string;
  /** One line each: `services.json:14:19 services.api.interval: expected 250ms or more, got "100ms"`. */
  readonly issues: readonly string[];
  constructor(file: string, issues: readonly string[]) {
    super(issues.join('\n'));
    this.file = file;
    this.issues = issues;
  }
}

/** Another supervisor holds the data folder. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
  readonly code = 'already-running';
  /** Its process id, where it can be told. */
  readonly pid: number | null;
  constructor(home: string, pid: number | null) {
    super(`Upkeep is already running over ${home}${pid === null ? '' : ` (process ${pid})`}. Use that one, or set UPKEEP_HOME to another folder.`);
    this.pid = pid;
  }
}
