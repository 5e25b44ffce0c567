// Tells people how a start and a stop go: through the startup reporter, or where there is none in plain words through the root logger.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { reasonOf } from '../errors';
import type { BackendShutdownResult } from '../report/ShutdownResult';
import type { BackendStartupResult } from '../report/StartupResult';
import type { StartupProgressEvent, StartupReporterService } from '../services/engineServices';

/** Never throws: a reporter that fails must not decide how a start or a stop ends. */
export class Announcer {
  readonly #reporter: StartupReporterService | undefined;
  readonly #logger: LoggerService | undefined;

  constructor(reporter?: StartupReporterService, logger?: LoggerService) {
    this.#reporter = reporter;
    this.#logger = logger;
  }

  /** Whether somebody hears what is told. */
  get isHeard(): boolean {
    return this.#reporter !== undefined || this.#logger !== undefined;
  }

  /** Whether somebody wants to hear what goes well too. */
  get wantsAll(): boolean {
    return this.#reporter !== undefined;
  }

  progress(event: StartupProgressEvent): void {
    if (this.#reporter) this.#report(reporter => reporter.progress(event));
    else if (event.kind !== 'started') this.#logger?.warn(inOneLine(event));
  }

  /** `failure` is the error of a start that failed. */
  result(result: BackendStartupResult, failure?: Error): void {
    if (this.#reporter) this.#report(reporter => reporter.result(result));
    else if (failure) this.#logger?.error(failure.message);
  }

  shutdown(result: BackendShutdownResult): void {
    if (this.#reporter) this.#report(reporter => reporter.shutdown(result));
    else for (const { error } of result.hooks) if (error) this.#logger?.error(error.message);
  }

  #report(tell: (reporter: StartupReporterService) => void): void {
    try {
      tell(this.#reporter!);
    } catch (error) {
      this.#logger?.error(`The startup reporter failed: ${reasonOf(error)}`);
    }
  }
}

function inOneLine({ kind, subject, detail, elapsedMs }: StartupProgressEvent): string {
  // Why something was skipped or failed already names it.
  return kind === 'waiting' ? `${subject} ${detail}, for ${(elapsedMs / 1_000).toFixed(1)} s now` : detail!;
}
