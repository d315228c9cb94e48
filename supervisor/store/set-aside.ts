// Damaged files are kept under another name and never deleted: a person may want to look, or to send them.

/** `state.json` -> `state.json.corrupt-2026-11-22T143107.123Z`. */
export function nameSetAside(file: string): string {
  return `${file}.corrupt-${new Date().toISOString().replaceAll(':', '')}`;
}

/** The system's code of an error, such as "ENOENT". */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
