// Tells people how a start and a stop go: through the startup reporter, where there is none in plain words through the root logger, and what takes long before there is either in the terminal.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { capitalised, reasonOf } from '../errors';
import type { BackendShutdownResult } from '../report/ShutdownResult';
import type { SpanId, SpanRecorder } from '../report/SpanRecorder';
import type { BackendStartupResult } from '../report/StartupResult';
import type { StartupProgressEvent, StartupReporterService } from '../services/engineServices';

/** Milliseconds after which a step is mentioned; then again each time it has taken twice as long. */
const FIRST_MENTION = 5_000;

/** Never throws: a reporter or a logger that fails must not decide how a start or a stop ends. */
export class Announcer {
  /** Whether somebody hears what is told. */
  readonly isHeard: boolean;
  /** Whether somebody wants to hear what goes well too. */
  readonly wantsAll: boolean;

  constructor(
    private readonly reporter?: StartupReporterService,
    readonly logger?: LoggerService,
  ) {
    this.wantsAll = reporter !== undefined;
    this.isHeard = this.wantsAll || logger !== undefined;
  }

  progress(event: StartupProgressEvent): void {
    const lines = event.kind === 'started' ? [] : [inOneLine(event)];
    this.#tell('progress', event, lines, 'warn');
    if (!this.isHeard && event.kind === 'waiting') process.stderr.write(`${lines[0]}\n`);
  }

  /** Tells what steps wait for that take long: looks once a second, without keeping the process alive, until the returned function is called. */
  watch(spans: SpanRecorder, openSteps: () => ReadonlyArray<{ subject: string; span?: SpanId }>): () => void {
    const next = new Map<SpanId, number>();
    const timer = setInterval(() => {
      for (const { subject, span } of openSteps()) {
        const elapsedMs = spans.timesOf(span!).durationMs;
        const due = next.get(span!) ?? FIRST_MENTION;
        if (elapsedMs < due) continue;
        next.set(span!, Math.max(due * 2, elapsedMs));
        const detail = `waits for ${spans.openWithin(span!).join(' -> ')}`;
        this.progress({ kind: 'waiting', subject, detail, elapsedMs });
      }
    }, 1_000);
    timer.unref();
    return () => clearInterval(timer);
  }

  /** `failure` is the error of a start that failed. Says whether somebody has heard of it. */
  result(result: BackendStartupResult, failure?: Error): boolean {
    return this.#tell('result', result, failure ? [failure.message] : []);
  }

  shutdown(result: BackendShutdownResult): void {
    const lines = result.hooks.flatMap(({ error }) => error?.message ?? []);
    this.#tell('shutdown', result, lines);
  }

  /** Tells the reporter, or where there is none the logger, in these lines. Says whether somebody has heard of it. */
  #tell<M extends 'progress' | 'result' | 'shutdown'>(
    method: M,
    told: Parameters<StartupReporterService[M]>[0],
    lines: readonly string[],
    level: 'warn' | 'error' = 'error',
  ): boolean {
    try {
      if (this.reporter) return this.reporter[method](told as never) !== false;
      for (const line of lines) this.logger?.[level](line);
      return this.isHeard;
    } catch (error) {
      if (this.reporter) logError(this.logger, `The startup reporter failed: ${reasonOf(error)}`);
      return false;
    }
  }
}

/** Logs an error, unless the logger itself fails: there is nobody left then who could be told. */
export function logError(logger: LoggerService | undefined, message: string): void {
  try {
    logger?.error(message);
  } catch {
    // What is being logged goes on regardless.
  }
}

function inOneLine({ kind, subject, detail, elapsedMs }: StartupProgressEvent): string {
  // Why something was skipped or failed already names it.
  return kind === 'waiting'
    ? `${capitalised(subject)} ${detail}, for ${(elapsedMs / 1_000).toFixed(1)} s now`
    : detail!;
}
