// Formats log entries as lines for people: aligned columns, with the stacks of errors indented below.

type Entry = Record<string, unknown>;

/** May also be any object that has a name and a message, so nothing else is certain. */
interface LoggedError {
  name: string;
  message: string;
  code?: unknown;
  stack?: unknown;
  cause?: unknown;
  errors?: unknown;
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
  const { name, message } = Object(value) as Partial<LoggedError>;
  return typeof name === 'string' && typeof message === 'string';
}

function describeError({ name, message, code, stack, cause, errors }: LoggedError, label: string): string[] {
  const header = message === '' ? name : `${name}: ${message}`;
  // A stack begins with the message that the error was created with. A later message is put before it.
  const isWhole = typeof stack === 'string' && stack !== '' && endOfMessage(stack, message) >= 0;
  const text = isWhole ? stack : [header, stack].filter(part => typeof part === 'string').join('\n');
  const end = endOfMessage(text, message);
  const lines = (
    label + escapeControls((withCode(text.slice(0, end), code) + text.slice(end)).trimEnd())
  ).split('\n');
  if (cause !== undefined) lines.push(...describePart(cause, 'caused by: '));
  for (const [index, part] of (Array.isArray(errors) ? errors : []).entries())
    lines.push(...describePart(part, `[${index}] `));
  return lines;
}

/** Where the message ends that a stack begins with; -1 if it begins with another. */
function endOfMessage(stack: string, message: string): number {
  if (message === '') return stack.search(/\n|$/);
  const start = `: ${stack}\n`.indexOf(`: ${message}\n`);
  return start < 0 ? -1 : start + message.length;
}

/** Adds a code to a message, unless it has it already, as a word of its own. */
function withCode(message: string, code: unknown): string {
  if ((typeof code !== 'string' && typeof code !== 'number') || code === '') return message;
  const parts = message.split(String(code));
  const isSaid = parts.some(
    (part, index) => index > 0 && !/\w$/.test(parts[index - 1]!) && !/^\w/.test(part),
  );
  return isSaid ? message : `${message} [${code}]`;
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
