// Recognises the errors of database drivers for a violated unique constraint.

// By driver: better-sqlite3, pg, mysql and mysql2, tedious.
const conflictCodes = new Set<unknown>([
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
  'SQLITE_CONSTRAINT_ROWID',
  '23505',
  'ER_DUP_ENTRY',
  'ER_DUP_ENTRY_WITH_KEY_NAME',
]);
const conflictNumbers = new Set<unknown>([2601, 2627]);

// For errors that were wrapped or serialised, of which only the text is left.
const conflictMessage =
  /UNIQUE constraint failed|violates unique constraint|Duplicate entry '.*' for key|Violation of (UNIQUE|PRIMARY) KEY constraint/i;

/**
 * Whether a thrown value means that a row already exists, in SQLite, PostgreSQL, MySQL or SQL Server. The causes of an
 * error are checked as well.
 */
export function isDatabaseConflictError(e: unknown): boolean {
  const seen = new Set<unknown>();
  let error = e;
  while (typeof error === 'object' && error !== null && !seen.has(error)) {
    seen.add(error);
    const { code, number, message, cause } = error as Record<
      'code' | 'number' | 'message' | 'cause',
      unknown
    >;
    if (conflictCodes.has(code) || conflictNumbers.has(number)) return true;
    if (typeof message === 'string' && conflictMessage.test(message)) return true;
    error = cause;
  }
  return false;
}
