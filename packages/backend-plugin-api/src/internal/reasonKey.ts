// Tells whether several failures of a start have the same reason, which is then told once.
import { isError, isGreenroomError } from './errors';

/** With these, the engine tells which plugin or module met the reason; whatever is wrong is elsewhere. */
const met = new Set<unknown>(['GR_INIT_FAILED', 'GR_SERVICE_FAILED', 'GR_STARTUP_HOOK_FAILED']);

/** The maximum number of causes to follow, because a chain of causes may be circular. */
const MOST_CAUSES = 20;

/** Equal for failures with the same reason, whichever plugins and modules met it. Never throws. */
export function reasonKey(error: Error): string {
  const { code, hint, fields } = error as { code?: unknown; hint?: unknown; fields?: { subject?: unknown } };
  // A single stop aborts all of them.
  if (code === 'GR_START_ABORTED') return code;
  const what = isGreenroomError(error) ? error.what : error.message;
  try {
    const causes = causesOf(error);
    // Code of a plugin throws whatever it likes: the hint says where.
    if (!met.has(code) || causes.length === 0) return what;
    const [, pluginId] = /plugin '([^']+)'/.exec(String(fields?.subject)) ?? [];
    return [String(hint), ...causes.map(cause => textOf(cause, pluginId))].join('\n');
  } catch {
    return what;
  }
}

function causesOf(error: Error): Error[] {
  const causes: Error[] = [];
  for (let { cause } = error; isError(cause) && causes.length < MOST_CAUSES; { cause } = cause)
    causes.push(cause);
  return causes;
}

function textOf(error: Error, pluginId: string | undefined): string {
  if (isGreenroomError(error)) return without(pluginId, error.what);
  // The error that Node creates when several attempts failed has no message of its own.
  const { message, name, errors } = error as Error & { errors?: unknown };
  return message || (Array.isArray(errors) ? errors.map(one => String(one)).join(', ') : name);
}

/** Messages of ours name the plugin that met the reason, whose database may be named after it. */
function without(id: string | undefined, text: string): string {
  return text.replace(/[a-z\d-]+/gi, word => (word === id ? '' : word));
}
