// A small pool of processes that render templates.
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
  readonly #size: number;
  readonly #idle: InterpreterProcess[] = [];
  readonly #busy = new Set<InterpreterProcess>();
  readonly #waiting: Array<(free: InterpreterProcess) => void> = [];

  /** With more than one process, a template that runs into its limits does not block the others. */
  constructor(
    extensions: TemplatingExtensions,
    options: { limits?: Partial<InterpreterLimits>; size?: number } = {},
  ) {
    this.#extensions = extensions;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#size = options.size ?? 2;
  }

  /** See {@link InterpreterProcess.run}. */
  async run(request: RenderRequest | ValidateRequest): Promise<InterpreterOutcome> {
    const interpreter = await this.#take();
    try {
      return await interpreter.run(request);
    } finally {
      this.#giveBack(interpreter);
    }
  }

  /** Ends the processes. Pending requests fail. */
  close(): void {
    const why = { message: 'the backend stops' };
    for (const interpreter of [...this.#idle, ...this.#busy]) interpreter.kill(why);
  }

  #take(): InterpreterProcess | Promise<InterpreterProcess> {
    const idle = this.#idle.pop();
    if (idle && !idle.ended) return this.#use(idle);
    if (this.#busy.size < this.#size) return this.#use();
    return new Promise(resolve => this.#waiting.push(resolve));
  }

  #use(interpreter = new InterpreterProcess(this.#extensions, this.#limits)): InterpreterProcess {
    this.#busy.add(interpreter);
    return interpreter;
  }

  #giveBack(interpreter: InterpreterProcess): void {
    this.#busy.delete(interpreter);
    const next = this.#waiting.shift();
    const usable = interpreter.ended ? undefined : interpreter;
    if (next) next(this.#use(usable));
    else if (usable) this.#idle.push(usable);
  }
}
