// A small pool of processes that render templates.
import { ServiceUnavailableError } from '@backstage/errors';
import type { TemplatingExtensions } from '../TemplatingExtensions';
import { type InterpreterLimits, InterpreterProcess } from './InterpreterProcess';
import type { InterpreterOutcome, RenderRequest, ValidateRequest } from './RenderRequest';

const defaultLimits: InterpreterLimits = {
  timeout: 10_000,
  memory: 256,
  workUnits: 1_000_000,
  capabilityCalls: 20_000,
};

/** Renders templates in processes that are started on demand. */
export class Interpreter {
  readonly #extensions: TemplatingExtensions;
  readonly #limits: InterpreterLimits;
  readonly #idle: InterpreterProcess[] = [];
  readonly #busy = new Set<InterpreterProcess>();
  readonly #waiting: Array<() => void> = [];
  /** How many more may be busy. */
  #free: number;
  /** Why nothing is rendered any more. */
  #closed: ServiceUnavailableError | undefined;

  /** With more than one process, a template that runs into its limits does not block the others. */
  constructor(
    extensions: TemplatingExtensions,
    options: { limits?: Partial<InterpreterLimits>; size?: number } = {},
  ) {
    this.#extensions = extensions;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#free = options.size ?? 2;
  }

  /** See {@link InterpreterProcess.run}. */
  async run(request: RenderRequest | ValidateRequest): Promise<InterpreterOutcome> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>(resolve => this.#waiting.push(resolve));
    try {
      return await this.#runIn(this.#take(), request);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  /** Ends the processes. Pending requests fail, and so do later ones. */
  close(): void {
    const why = new ServiceUnavailableError('The backend is stopping, and renders no templates any more');
    this.#closed = why;
    for (const interpreter of [...this.#idle, ...this.#busy]) interpreter.kill(why);
  }

  /** Whoever needs a new process starts it, so that a failure to do so is theirs alone. */
  #take(): InterpreterProcess {
    if (this.#closed) throw this.#closed;
    const idle = this.#idle.pop();
    return idle && !idle.ended ? idle : new InterpreterProcess(this.#extensions, this.#limits);
  }

  async #runIn(
    interpreter: InterpreterProcess,
    request: RenderRequest | ValidateRequest,
  ): Promise<InterpreterOutcome> {
    this.#busy.add(interpreter);
    try {
      return await interpreter.run(request);
    } finally {
      this.#busy.delete(interpreter);
      if (!interpreter.ended) this.#idle.push(interpreter);
    }
  }
}
