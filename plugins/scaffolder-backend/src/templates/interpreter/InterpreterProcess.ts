// One process that renders templates: starts it, talks to it, and ends it where it takes too long.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { JsonValue } from '@backstage/types';
import type { TemplateFilter } from '@greenroom/plugin-scaffolder-node';
import type { TemplatingExtensions } from '../TemplatingExtensions';
import type { InterpreterFailure, InterpreterOutcome, RenderRequest, ValidateRequest } from './RenderRequest';

/** How far one request may go. */
export interface InterpreterLimits {
  /** How long it may take, in ms. */
  readonly timeout: number;
  /** How much memory the process may use for its values, in MiB. */
  readonly memory: number;
  /** How many steps of evaluation one template may take. */
  readonly workUnits: number;
  /** How often one template may call filters and functions that live outside of the process. */
  readonly capabilityCalls: number;
}

// From sources the program is taken as it is; a build puts it beside the file that has this code.
const program = join(
  __dirname,
  extname(__filename) === '.ts' ? 'interpreterProgram.cjs' : 'interpreterProgram.js',
);

const TIMEOUT_PARTS = 10;

// Yarn's Plug'n'Play keeps packages in archives, which only a process with its runtime can read.
const runtime =
  process.versions.pnp === undefined ? [] : ['--require', createRequire(__filename).resolve('pnpapi')];

const reservedNames = /"(?:__proto__|constructor|prototype)":/;

function withoutReserved(key: string, value: unknown): unknown {
  return reservedNames.test(`"${key}":`) ? undefined : value;
}

type Call = { kind: 'filters' | 'functions'; name: string; args: { value?: JsonValue }[] };
type Message = InterpreterOutcome | { ready: true } | { call: Call };

/** A process; one request at a time. */
export class InterpreterProcess {
  readonly #extensions: TemplatingExtensions;
  readonly #limits: InterpreterLimits;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #ready: Promise<void>;
  #settle: ((message: Message | { ended: true }) => void) | undefined;
  #chunks: Buffer[] = [];
  #ended = false;
  /** Why it was killed. */
  #killedFor: InterpreterFailure | undefined;

  constructor(extensions: TemplatingExtensions, limits: InterpreterLimits) {
    this.#extensions = extensions;
    this.#limits = limits;
    // Neither the environment nor the working directory of this process is for templates.
    this.#child = spawn(process.execPath, [...runtime, `--max-old-space-size=${limits.memory}`, program], {
      env: {},
      cwd: dirname(process.execPath),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child.once('error', () => this.#end()).once('exit', () => this.#end());
    // What can't be written is told by the exit.
    this.#child.stdin.on('error', () => {});
    this.#child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    const globals = [...extensions.globals];
    this.#ready = this.#exchange({
      filters: [...extensions.filters.keys()],
      functions: globals.filter(([, global]) => typeof global === 'function').map(([name]) => name),
      values: Object.fromEntries(globals.filter(([, global]) => typeof global !== 'function')),
      limits: { limits: { workUnits: limits.workUnits, capabilityCalls: limits.capabilityCalls } },
    }).then(message => {
      if ('ended' in message)
        throw new Error(`the process that renders templates, ${program}, could not be started`);
    });
    this.#ready.catch(() => {});
  }

  /** Whether it can't be used any more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** What each source gives, or what is wrong with the first one that fails. */
  async run(request: RenderRequest | ValidateRequest): Promise<InterpreterOutcome> {
    this.#hold(true);
    await this.#ready;
    const { timeout, memory } = this.#limits;
    // In parts, of which one alone counts where the whole machine, or this process, stood still meanwhile.
    let left = TIMEOUT_PARTS;
    const timer = setInterval(() => {
      left -= 1;
      if (left === 0) this.kill({ message: `it takes longer than ${timeout} ms`, limit: 'timeout' });
    }, timeout / TIMEOUT_PARTS);
    try {
      const message = await this.#exchange(request);
      if (!('ended' in message)) return message as InterpreterOutcome;
      const tooMuch = { message: `it takes more memory than ${memory} MiB`, limit: 'memory' };
      return { failure: this.#killedFor ?? tooMuch };
    } finally {
      clearInterval(timer);
      this.#hold(false);
    }
  }

  /** Nothing is rendered by it from here on, though it takes a moment to be gone. */
  kill(why: InterpreterFailure): void {
    this.#ended = true;
    this.#killedFor ??= why;
    this.#child.kill('SIGKILL');
  }

  // An idle one does not keep the backend's process alive.
  #hold(hold: boolean): void {
    const handles = [this.#child, this.#child.stdin, this.#child.stdout] as Array<{
      ref?(): void;
      unref?(): void;
    }>;
    for (const handle of handles) {
      if (hold) handle.ref?.();
      else handle.unref?.();
    }
  }

  #exchange(message: unknown): Promise<Message | { ended: true }> {
    return new Promise(resolve => {
      if (this.#ended) return resolve({ ended: true });
      this.#settle = resolve;
      this.#write(message);
    });
  }

  #write(message: unknown): void {
    const line = JSON.stringify(message);
    // The interpreter refuses objects with such fields as a whole, and they are of no use in a template.
    this.#child.stdin.write(
      `${reservedNames.test(line) ? JSON.stringify(message, withoutReserved) : line}\n`,
    );
  }

  #read(chunk: Buffer): void {
    this.#chunks.push(chunk);
    if (chunk.at(-1) !== 10) return;
    const message = JSON.parse(Buffer.concat(this.#chunks).toString('utf8')) as Message;
    this.#chunks = [];
    if ('call' in message) this.#write(this.#call(message.call));
    else this.#settle?.(message);
  }

  #call({ kind, name, args }: Call): unknown {
    const { filters, globals } = this.#extensions;
    const [what, known] = kind === 'filters' ? ['filter', filters] : ['function', globals];
    try {
      const values = args.map(({ value }) => value) as [JsonValue, ...JsonValue[]];
      return { value: (known.get(name) as TemplateFilter)(...values) };
    } catch (error) {
      return { failure: `${what} '${name}': ${(error as Error).message}` };
    }
  }

  #end(): void {
    this.#ended = true;
    this.#settle?.({ ended: true });
  }
}
