// Formats log entries as lines for people: aligned columns, with the stacks of errors indented below.

type Entry = Record<string, unknown>;

interface LoggedError {
  name?: string;
  message?: string;
  code?: string | number;
  stack?: string;
  cause?: unknown;
  errors?: unknown[];
}

const levelColors: Record<string, number> = { error: 31, warn: 33, info: 32, debug: 90 };
const hiddenFields = new Set(['level', 'time', 'message', 'service', 'plugin']);
const minPluginWidth = 10;
const maxPluginWidth = 24;
const indent = '    ';

/** Formats entries. The plugin column grows with the longest name seen so far. */
export class PrettyFormatter {
  readonly #color: boolean;
  readonly #constants: Entry;
  #pluginWidth = minPluginWidth;

  /** `constants` are fields that every entry has. They are left out, because they tell people nothing. */
  constructor(options: { color: boolean; constants?: Entry }) {
    this.#color = options.color;
    this.#constants = options.constants ?? {};
  }

  /** Formats one entry as text that ends with a line break. */
  format(entry: Entry): string {
    const level = String(entry.level);
    const plugin = escapeControls(String(entry.plugin ?? ''));
    this.#pluginWidth = Math.min(Math.max(this.#pluginWidth, plugin.length), maxPluginWidth);

    // Leaves out values that the message already contains.
    const said = new Set(String(entry.message).split(/\s+/));
    const pairs: string[] = [];
    const errors: string[] = [];
    for (const [name, value] of Object.entries(entry)) {
      if (hiddenFields.has(name) || this.#constants[name] === value) continue;
      if (typeof value !== 'object' && said.has(String(value))) continue;
      if (isLoggedError(value)) errors.push(...describeError(value, name === 'error' ? '' : `${name}: `));
      else pairs.push(`${escapeControls(name)}=${formatValue(value)}`);
    }

    const [first = '', ...rest] = escapeControls(String(entry.message)).split('\n');
    const line = [
      this.#paint(90, formatTime(entry.time)),
      this.#paint(levelColors[level] ?? 0, level.padEnd(5)),
      this.#paint(36, plugin.padEnd(this.#pluginWidth)),
      first,
    ].join('  ');
    const tail = pairs.length > 0 ? ` ${this.#paint(90, pairs.join(' '))}` : '';
    return [line + tail, ...[...rest, ...errors].map(text => indent + text)].join('\n') + '\n';
  }

  #paint(color: number, text: string): string {
    return this.#color ? `\u001b[${color}m${text}\u001b[39m` : text;
  }
}

function formatTime(time: unknown): string {
  const date = new Date(String(time));
  const pad = (value: number, width = 2) => String(value).padStart(width, '0');
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

function formatValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // Quotes only values whose end would be unclear without them.
  return escapeControls(typeof value === 'string' && !/^[^\s"=]+$/.test(text) ? JSON.stringify(text) : text);
}

function isLoggedError(value: unknown): value is LoggedError {
  return typeof value === 'object' && value !== null && 'message' in value && 'name' in value;
}

function describeError(error: LoggedError, label: string): string[] {
  const message = String(error.message);
  const header = `${error.name}: ${message}`;
  // A stack begins with the message that the error was created with. A later message is put before it.
  const stack = error.stack?.includes(message) ? error.stack : [header, error.stack].join('\n');
  const end = message ? stack.indexOf(message) + message.length : stack.search(/\n|$/);
  const head = stack.slice(0, end);
  const { code } = error;
  const told = code === undefined || head.includes(String(code)) ? '' : ` [${code}]`;
  const lines = (label + escapeControls((head + told + stack.slice(end)).trimEnd())).split('\n');
  if (error.cause !== undefined) lines.push(...describePart(error.cause, 'caused by: '));
  for (const [index, part] of (error.errors ?? []).entries())
    lines.push(...describePart(part, `[${index}] `));
  return lines;
}

function describePart(part: unknown, label: string): string[] {
  return isLoggedError(part) ? describeError(part, label) : [label + formatValue(part)];
}

/** Escapes control characters, so that logged data can neither control the terminal nor pretend to be another line. */
function escapeControls(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g,
    character => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
