// Logs OpenTelemetry's problems, such as an unreachable collector, without flooding the log.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { diag, DiagLogLevel } from '@opentelemetry/api';

const interval = 60_000;
const longest = 500;
/** More in a minute differ in something other than numbers, such as names of spans. */
const mostKinds = 50;

/** Logs each kind of problem at most once a minute, and only some kinds. Returns a function that stops this. */
export function tellDiagnostics(logger: LoggerService): () => void {
  const told = new Map<string, number>();
  const tell = (level: 'warn' | 'debug', words: unknown[]) => {
    const problem = words.map(wordOf).join(' ').slice(0, longest);
    // Problems of the same kind only differ in their numbers.
    const kind = problem.replace(/\d+/g, '');
    const now = performance.now();
    for (const [earlier, toldAt] of told) if (now - toldAt >= interval) told.delete(earlier);
    if (told.has(kind) || told.size >= mostKinds) return;
    told.set(kind, now);
    logger[level](`OpenTelemetry: ${problem}`);
  };
  const quiet = () => {};
  diag.setLogger(
    {
      error: (...words) => tell('warn', words),
      warn: (...words) => tell('warn', words),
      info: quiet,
      debug: quiet,
      verbose: quiet,
    },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  return () => diag.disable();
}

/** Errors arrive as JSON with their stacks. */
function wordOf(word: unknown): string {
  if (word instanceof Error) return word.message;
  const text = typeof word === 'string' ? word : JSON.stringify(word);
  try {
    const { message, code } = JSON.parse(text) as { message?: string; code?: string };
    return message || code || text;
  } catch {
    return text;
  }
}
