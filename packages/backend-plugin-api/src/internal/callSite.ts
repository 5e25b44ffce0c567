// Finds out where a function was called, for messages.
import { displayPlace, placesOf } from './displayPlace';

/** `file:line:column` of the code that called `callee`, or `unknown` where the runtime doesn't tell. */
export function callSiteOf(callee: (...args: never[]) => unknown): string {
  const limit = Error.stackTraceLimit;
  const holder: { stack?: string } = {};
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(holder, callee);
  Error.stackTraceLimit = limit;
  const [place] = placesOf(String(holder.stack));
  return place === undefined ? 'unknown' : displayPlace(place);
}
