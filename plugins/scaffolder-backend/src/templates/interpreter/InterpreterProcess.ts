// A process that renders templates: starts it, communicates with it, and kills it if it takes too long.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { toError } from '@backstage/errors';
import type { JsonValue } from '@backstage/types';
import type { TemplateFilter } from '@greenroom/plugin-scaffolder-node';
import type { TemplatingExtensions } from '../TemplatingExtensions';
import type { InterpreterFailure, InterpreterOutcome, RenderRequest, ValidateRequest } from './RenderRequest';

/** The limits of a single request. */
export interface InterpreterLimits {
  /** The maximum duration in ms. */
  readonly timeout: number;
  /** The maximum memory of the process for its values, in MiB. */
  readonly memory: number;
  /** The maximum number of evaluation steps per template. */
  readonly workUnits: number;
  /** The maximum number of calls per template to filters and functions outside of the process. */
  readonly capabilityCalls: number;
}

// The program is used directly when running from source; a build puts it next to this file.
const program = join(
  __dirname,
  extname(__filename) === '.ts' ? 'interpreterProgram.cjs' : 'interpreterProgram.js',
);

const TIMEOUT_PARTS = 10;

// Yarn Plug'n'Play keeps packages in archives, which only a process with its runtime can read.
const runtime =
  process.versions.pnp === undefined ? [] : ['--require', createRequire(__filename).resolve('pnpapi')];

const reservedNames = /"(?:__proto__|constructor|prototype)":/;

/** The interpreter rejects objects that have such fields, and templates have no use for them. */
function toLine(message: unknown): string {
  const line = JSON.stringify(message);
  return `${reservedNames.test(line) ? JSON.stringify(message, withoutReserved) : line}\n`;
}

function withoutReserved(key: string, value: unknown): unknown {
  return reservedNames.test(`"${key}":`) ? undefined : value;
}

type Call = { kind: 'filters' | 'functions'; name: string; args: { value?: JsonValue }[] };
type Message = InterpreterOutcome | { ready: true } | { call: Call };
/** `cause` is why it could not be started, if that is known. */
type End = { ended: true; cause?: Error };

/** A process that handles one request at a time. */
export class InterpreterProcess {
  readonly #extensions: TemplatingExtensions;
  readonly #limits: InterpreterLimits;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #ready: Promise<void>;
  #settle: ((message: Message | End) => void) | undefined;
  #chunks: Buffer[] = [];
  #ended = false;
  /** Why the process was killed. */
  #killedFor: InterpreterFailure | Error | undefined;

  constructor(extensions: TemplatingExtensions, limits: InterpreterLimits) {
    this.#extensions = extensions;
    this.#limits = limits;
    // Templates must not see the environment or the working directory of this process.
    this.#child = spawn(process.execPath, [...runtime, `--max-old-space-size=${limits.memory}`, program], {
      env: {},
      cwd: dirname(process.execPath),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child.once('error', error => this.#end(error)).once('exit', () => this.#end());
    // Failed writes are reported through the exit of the process. Without files for them, it has no streams.
    this.#child.stdin?.on('error', () => {});
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
    const globals = [...extensions.globals];
    this.#ready = this.#exchange({
      filters: [...extensions.filters.keys()],
      functions: globals.filter(([, global]) => typeof global === 'function').map(([name]) => name),
      values: Object.fromEntries(globals.filter(([, global]) => typeof global !== 'function')),
      limits: { limits: { workUnits: limits.workUnits, capabilityCalls: limits.capabilityCalls } },
    }).then(message => {
      if (!('ended' in message)) return;
      if (this.#killedFor instanceof Error) throw this.#killedFor;
      const why = message.cause?.message ?? `it ended at once. Run ${program} with Node to see why`;
      throw new Error(`The process that renders templates could not be started: ${why}`, message);
    });
    this.#ready.catch(() => {});
  }

  /** Whether the process can no longer be used. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Returns the result of each source, or the failure of the first one that fails. Rejects if the process was killed
   * for an error, which is not the fault of a template.
   */
  async run(request: RenderRequest | ValidateRequest): Promise<InterpreterOutcome> {
    this.#keepAlive('ref');
    await this.#ready;
    const { timeout, memory } = this.#limits;
    // The timeout is counted in parts: if the machine or this process is suspended, only one of them elapses.
    let left = TIMEOUT_PARTS;
    const timer = setInterval(() => {
      left -= 1;
      if (left === 0) this.kill({ message: `it takes longer than ${timeout} ms`, limit: 'timeout' });
    }, timeout / TIMEOUT_PARTS);
    try {
      const message = await this.#exchange(request);
      if (!('ended' in message)) return message as InterpreterOutcome;
      const tooMuch = { message: `it takes more memory than ${memory} MiB`, limit: 'memory' };
      const why = this.#killedFor ?? tooMuch;
      if (why instanceof Error) throw why;
      return { failure: why };
    } finally {
      clearInterval(timer);
      this.#keepAlive('unref');
    }
  }

  /** Nothing is rendered from now on, although it takes a moment until the process is gone. */
  kill(why: InterpreterFailure | Error): void {
    this.#ended = true;
    this.#killedFor ??= why;
    this.#child.kill('SIGKILL');
  }

  // An idle process must not keep the backend's process alive.
  #keepAlive(call: 'ref' | 'unref'): void {
    const handles = [this.#child, this.#child.stdin, this.#child.stdout] as Array<
      { ref?(): void; unref?(): void } | undefined
    >;
    for (const handle of handles) handle?.[call]?.();
  }

  #exchange(message: unknown): Promise<Message | End> {
    return new Promise(resolve => {
      if (this.#ended) return resolve({ ended: true });
      this.#settle = resolve;
      this.#child.stdin?.write(toLine(message));
    });
  }

  #read(chunk: Buffer): void {
    this.#chunks.push(chunk);
    if (chunk.at(-1) !== 10) return;
    const message = JSON.parse(Buffer.concat(this.#chunks).toString('utf8')) as Message;
    this.#chunks = [];
    if ('call' in message) this.#child.stdin.write(this.#call(message.call));
    else this.#settle?.(message);
  }

  #call({ kind, name, args }: Call): string {
    const { filters, globals } = this.#extensions;
    const [what, known] = kind === 'filters' ? ['filter', filters] : ['function', globals];
    try {
      const values = args.map(({ value }) => value) as [JsonValue, ...JsonValue[]];
      // The result may be anything that a module returns, JSON or not.
      return toLine({ value: (known.get(name) as TemplateFilter)(...values) });
    } catch (error) {
      return toLine({ failure: `${what} '${name}': ${toError(error).message}` });
    }
  }

  #end(cause?: Error): void {
    this.#ended = true;
    this.#settle?.({ ended: true, cause });
  }
}
