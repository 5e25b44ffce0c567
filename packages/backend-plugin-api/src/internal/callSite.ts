// Finds out where a function was called, for messages.

/** `file:line:column` of the code that called `callee`, or `unknown` where the runtime doesn't tell. */
export function callSiteOf(callee: (...args: never[]) => unknown): string {
  const limit = Error.stackTraceLimit;
  const holder: { stack?: string } = {};
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(holder, callee);
  Error.stackTraceLimit = limit;
  const frame = String(holder.stack).split('\n').pop()?.trim() ?? '';
  // `at name (place)` or `at place`; a place ends with line and column.
  return /(?:\(|at (?:async )?)([^(]+:\d+:\d+)\)?$/.exec(frame)?.[1] ?? 'unknown';
}
