// Reports progress and results: to the startup reporter, else to the root logger, and before either exists to the terminal.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { capitalised, reasonOf } from '../errors';
import type { BackendShutdownResult } from '../report/ShutdownResult';
import type { BackendStartupResult } from '../report/StartupResult';
import type { StartupProgressEvent, StartupReporterService } from '../services/engineServices';

/** Never throws: a failing reporter or logger must not decide how a start or a stop ends. */
export class Announcer {
  /** Whether there is anybody to report to. */
  readonly isHeard: boolean;
  /** Whether successes are to be reported as well. */
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

  /** `failure` is the error of a failed start. Returns whether anybody was told. */
  result(result: BackendStartupResult, failure?: Error): boolean {
    return this.#tell('result', result, failure ? [failure.message] : []);
  }

  shutdown(result: BackendShutdownResult): void {
    const lines = result.hooks.flatMap(({ error }) => error?.message ?? []);
    this.#tell('shutdown', result, lines);
  }

  /** Tells the reporter, or the logger in these lines if there is no reporter. Returns whether anybody was told. */
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

/** Logs an error. If the logger itself fails, there is nobody left to tell. */
export function logError(logger: LoggerService | undefined, message: string): void {
  try {
    logger?.error(message);
  } catch {
    // The work goes on regardless.
  }
}

function inOneLine({ kind, subject, detail, elapsedMs }: StartupProgressEvent): string {
  // The detail of a skipped or failed step already names its subject.
  return kind === 'waiting'
    ? `${capitalised(subject)} ${detail}, for ${(elapsedMs / 1_000).toFixed(1)} s now`
    : detail!;
}
