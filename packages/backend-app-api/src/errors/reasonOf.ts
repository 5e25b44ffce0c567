// Words what was thrown, and where, for messages.
import {
  asText,
  describe,
  displayPlace,
  isError,
  isGreenroomError,
  placesOf,
} from '@greenroom/backend-plugin-api/internal';

/** A reason given by the engine itself, so the place where it was thrown is of no interest. */
export class EngineReason extends Error {}

/** The maximum number of causes to include: a chain may be long, or circular. */
const MOST_CAUSES = 3;

/**
 * The message of a thrown value and its causes, without a full stop; may have several lines. Never throws, whatever
 * was thrown: a failure that can't be worded would be lost.
 */
export function reasonOf(thrown: unknown): string {
  let reason = ownReason(thrown);
  let cause = causeOf(thrown);
  for (let left = MOST_CAUSES; cause !== undefined && left > 0; left--) {
    const further = ownReason(cause);
    if (!reason.includes(further)) reason = `${reason}, caused by: ${further}`;
    cause = causeOf(cause);
  }
  return reason;
}

function ownReason(thrown: unknown): string {
  return readable(() => readReason(thrown), 'something that throws when it is looked at was thrown');
}

function readReason(thrown: unknown): string {
  if (isGreenroomError(thrown)) return thrown.where ? `${thrown.what} (${thrown.where})` : thrown.what;
  if (!isError(thrown)) return `${describe(thrown)} was thrown`;
  const reason = isList(thrown) ? thrown.errors.map(ownReason).join(', ') : asText(thrown.message).trim();
  return reason.replace(/(?<!\.)\.$/, '') || asText(thrown.name) || 'Error';
}

/** The error that Node creates when several attempts failed has neither a message nor a place of its own. */
function isList(thrown: unknown): thrown is AggregateError {
  return thrown instanceof AggregateError && !thrown.message;
}

/** Errors of our own already describe their cause. */
function causeOf(thrown: unknown): unknown {
  return readable(() => (isError(thrown) && !isGreenroomError(thrown) ? thrown.cause : undefined), undefined);
}

/** For the end of a sentence: `: reason`, or the indented lines of a longer one. */
export function because(reason: string): string {
  return reason.includes('\n') ? `:\n  ${reason.replaceAll('\n', '\n  ')}` : `: ${reason}`;
}

/** For the beginning of a sentence. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** As a list with one entry per line; further lines of an entry are indented below it. */
export function listed(entries: readonly string[]): string {
  return entries.map(entry => `\n  - ${entry.replaceAll('\n', '\n    ')}`).join('');
}

/** Where in the user's code it was thrown: `It was thrown at src/plugin.ts:10:5.` Empty if unknown. */
export function thrownAt(thrown: unknown): string {
  const stack = readable(() => stackOf(thrown), '');
  // Before the stack of a syntax error, Node writes the file that has it; the frames only show loaders.
  const [, faulty] = /^((?:file:\/\/|[A-Z]:)?[\\/].*:\d+)\n/.exec(stack) ?? [];
  const places = placesOf(stack);
  // A wrong call is usually found where the first frame of the user's own code made it.
  const own = faulty ?? places.find(one => !/[\\/]node_modules[\\/]/.test(one));
  // Compilers, and Node where an import fails, name the place in the message, and their own in the stack.
  const place = own ?? (/\.\w+:\d+:\d+| imported from /.test(reasonOf(thrown)) ? undefined : places[0]);
  return place === undefined ? '' : `It was thrown at ${displayPlace(place)}.`;
}

function stackOf(thrown: unknown): string {
  if (isList(thrown)) return stackOf(thrown.errors[0]);
  return isError(thrown) && !(thrown instanceof EngineReason) ? String(thrown.stack) : '';
}

/** What was thrown. If even looking at it throws, as with a revoked proxy, the error of looking. */
export function askable(thrown: unknown): unknown {
  try {
    void (thrown instanceof Error);
    return thrown;
  } catch (error) {
    return error;
  }
}

/** The result of `read`, or `otherwise` if it throws. */
export function readable<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
