// Says what a thrown value tells of itself, and where it was thrown, for messages.
import {
  asText,
  describe,
  displayPlace,
  isError,
  isGreenroomError,
  placesOf,
} from '@greenroom/backend-plugin-api/internal';

/** A reason that the engine gives itself: where in the engine it was thrown tells nobody anything. */
export class EngineReason extends Error {}

/** How many causes behind a thrown value are told: a chain may be long, or a circle. */
const MOST_CAUSES = 3;

/**
 * What a thrown value and the causes behind it say of themselves, without a full stop. May be several lines. Never
 * throws, whatever was thrown: a failure that can't be worded would be none.
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

/** What Node gives where several attempts failed has no message of its own, nor a place. */
function isList(thrown: unknown): thrown is AggregateError {
  return thrown instanceof AggregateError && !thrown.message;
}

/** Errors of our own already say what there is to say of their cause. */
function causeOf(thrown: unknown): unknown {
  return readable(() => (isError(thrown) && !isGreenroomError(thrown) ? thrown.cause : undefined), undefined);
}

/** As the end of a sentence: `: reason`, or the lines of a longer one, indented, below. */
export function because(reason: string): string {
  return reason.includes('\n') ? `:\n  ${reason.replaceAll('\n', '\n  ')}` : `: ${reason}`;
}

/** As the beginning of a sentence. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** As a list, one entry a line; further lines of an entry stand below its beginning. */
export function listed(entries: readonly string[]): string {
  return entries.map(entry => `\n  - ${entry.replaceAll('\n', '\n    ')}`).join('');
}

/** Where in somebody's code it was thrown: `It was thrown at src/plugin.ts:10:5.` Empty where that is unknown. */
export function thrownAt(thrown: unknown): string {
  // Its message has the file that asked; what is thrown at is a loader.
  if (readable(() => (thrown as { code?: unknown } | undefined)?.code, '') === 'ERR_MODULE_NOT_FOUND')
    return '';
  const places = placesOf(readable(() => stackOf(thrown), ''));
  // What was called wrongly is usually found where the first code of one's own called it.
  const place = places.find(one => !/[\\/]node_modules[\\/]/.test(one)) ?? places[0];
  return place === undefined ? '' : `It was thrown at ${displayPlace(place)}.`;
}

function stackOf(thrown: unknown): string {
  if (isList(thrown)) return stackOf(thrown.errors[0]);
  return isError(thrown) && !(thrown instanceof EngineReason) ? String(thrown.stack) : '';
}

/** What was thrown, or where that can't even be asked what it is, as a proxy that was revoked, what asking threw. */
export function askable(thrown: unknown): unknown {
  try {
    void (thrown instanceof Error);
    return thrown;
  } catch (error) {
    return error;
  }
}

/** What `read` gives; `otherwise` where what it looks at throws. */
function readable<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
