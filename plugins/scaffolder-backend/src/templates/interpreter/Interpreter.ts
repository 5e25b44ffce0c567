// Keeps a few processes that render templates, and gives each request to one that is free.
import type { JsonValue } from '@backstage/types';
import type { TemplatingExtensions } from '../TemplatingExtensions';
import { type InterpreterLimits, InterpreterProcess } from './InterpreterProcess';
import type { InterpreterFailure, RenderRequest, ValidateRequest, ValidateResult } from './RenderRequest';

const defaultLimits: InterpreterLimits = {
  timeout: 10_000,
  memory: 256,
  workUnits: 1_000_000,
  capabilityCalls: 20_000,
};

/** What {@link Interpreter.render} and {@link Interpreter.validate} give. */
export type InterpreterOutcome<T> =
  /** `asksStatus` if a template called `always()` or `failure()`. */
  | { values: T[]; asksStatus: boolean; failure?: undefined }
  | { values?: undefined; failure: InterpreterFailure };

/** Renders templates in processes that are started when they are first needed. */
export class Interpreter {
  readonly #extensions: TemplatingExtensions;
  readonly #limits: InterpreterLimits;
  readonly #size: number;
  readonly #idle: InterpreterProcess[] = [];
  readonly #busy = new Set<InterpreterProcess>();
  readonly #waiting: Array<(free: InterpreterProcess) => void> = [];

  /** With more than one process, a template that goes on to its limits does not keep the others waiting. */
  constructor(
    extensions: TemplatingExtensions,
    options: { limits?: Partial<InterpreterLimits>; size?: number } = {},
  ) {
    this.#extensions = extensions;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#size = options.size ?? 2;
  }

  /** What each source gives. */
  render(request: RenderRequest): Promise<InterpreterOutcome<JsonValue | undefined>> {
    return this.#run(request);
  }

  /** What values of a form look like to its schema. */
  validate(request: ValidateRequest): Promise<InterpreterOutcome<ValidateResult>> {
    return this.#run(request);
  }

  async #run<T>(request: RenderRequest | ValidateRequest): Promise<InterpreterOutcome<T>> {
    const interpreter = await this.#take();
    try {
      const outcome = await interpreter.run(request);
      if ('failure' in outcome) return outcome;
      const { results, asksStatus = false } = outcome;
      return { values: results.map(({ value }) => value as T), asksStatus };
    } finally {
      this.#giveBack(interpreter);
    }
  }

  /** Ends the processes. Requests that are under way fail. */
  close(): void {
    const why = { message: 'the backend stops' };
    for (const interpreter of [...this.#idle, ...this.#busy]) interpreter.kill(why);
  }

  #take(): InterpreterProcess | Promise<InterpreterProcess> {
    const idle = this.#idle.pop();
    if (idle && !idle.ended) return this.#use(idle);
    if (this.#busy.size < this.#size)
      return this.#use(new InterpreterProcess(this.#extensions, this.#limits));
    return new Promise(resolve => this.#waiting.push(resolve));
  }

  #use(interpreter: InterpreterProcess): InterpreterProcess {
    this.#busy.add(interpreter);
    return interpreter;
  }

  #giveBack(interpreter: InterpreterProcess): void {
    this.#busy.delete(interpreter);
    const next = this.#waiting.shift();
    const usable = interpreter.ended ? undefined : interpreter;
    if (next) next(this.#use(usable ?? new InterpreterProcess(this.#extensions, this.#limits)));
    else if (usable) this.#idle.push(usable);
  }
}
