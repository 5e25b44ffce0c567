// The state machine of a backend alone: idle > starting > started | failed > stopping > stopped.
import { BackendStartupError } from './BackendStartupError';
import { bootBackend, type BackendTools } from './boot/bootBackend';
import { CallSite } from './boot/CallSite';
import type { BackendPlan } from './boot/BackendPlan';
import type { AddedFeature } from './boot/collectFeatures';
import { inspectPlan, type BackendInspection } from './boot/inspectPlan';
import type { AbortReason } from './boot/orAborted';
import { PluginStatuses } from './boot/PluginStatuses';
import { prepareBackend, type BackendParts, type PreparedBackend } from './boot/prepareBackend';
import type { BackendShutdownResult } from './report/ShutdownResult';
import { problemsOf, type BackendProblem } from './boot/problemsOf';
import { defaultLimits } from './boot/shutdownLimits';
import { StartupReport } from './boot/StartupReport';
import type { BackendStartupResult } from './report/StartupResult';
import { stopBackend } from './boot/stopBackend';
import { EngineError } from './errors';
import { addProcessParticipant } from './process/processHandlers';
import { engineNodes } from './services/engineNodes';

type State = 'idle' | 'starting' | 'started' | 'failed' | 'stopping' | 'stopped';

/** What a start made, and what stopping it takes. */
interface Booted {
  readonly prepared: PreparedBackend;
  readonly tools: BackendTools;
}

const nothingStopped: BackendShutdownResult = { durationMs: 0, outcome: 'success', hooks: [] };

/** One backend, from `add` to `stop`. */
export class BackendInstance {
  #state: State = 'idle';
  readonly #added: AddedFeature[] = [];
  readonly #given: Pick<BackendParts, 'given' | 'middleware'>;
  readonly #statuses = new PluginStatuses();
  readonly #abort = new AbortController();
  #leaveProcess = () => {};
  #booted?: Booted;
  #starting?: Promise<{ result: BackendStartupResult }>;
  #stopping?: Promise<BackendShutdownResult>;

  constructor(given: Pick<BackendParts, 'given' | 'middleware'>) {
    this.#given = given;
  }

  /** `callee` is the function that the user called, so that its call site is remembered. */
  add(feature: unknown, callee: (...args: never[]) => unknown): void {
    const source = new CallSite(callee, this.#added.length);
    if (this.#state !== 'idle') throw this.#notIdle('add()', source);
    this.#added.push({ feature, source });
    // A failed import is reported when the backend starts; until then it must not end the process.
    if (feature instanceof Promise) feature.catch(() => {});
  }

  start(callee: (...args: never[]) => unknown): Promise<{ result: BackendStartupResult }> {
    if (this.#state !== 'idle') return Promise.reject(this.#notIdle('start()', new CallSite(callee)));
    this.#state = 'starting';
    this.#leaveProcess = addProcessParticipant({
      stop: async () => (await this.stop()).outcome === 'success',
      logFatal: (message, error) => this.#logFatal(message, error),
      onIdle: () => this.#onIdle(),
    });
    this.#starting = this.#start();
    return this.#starting;
  }

  stop(): Promise<BackendShutdownResult> {
    return (this.#stopping ??= this.#stop());
  }

  /** Every problem that can be known without running plugin code. */
  async check(): Promise<BackendProblem[]> {
    return this.#onPlan(problemsOf);
  }

  async inspect(): Promise<BackendInspection> {
    return this.#onPlan(inspectPlan);
  }

  /** Reads the plan: that of the start if there was one, else one made for this alone. */
  async #onPlan<T>(read: (plan: BackendPlan) => T): Promise<T> {
    if (this.#booted) return read(this.#booted.prepared.plan);
    const { plan, registry } = await this.#prepare(new StartupReport());
    // Feature loaders may have had services made, and nothing else would close them.
    await stopBackend(plan.graph, registry, defaultLimits);
    return read(plan);
  }

  #prepare(report: StartupReport): Promise<PreparedBackend> {
    const installed = () => this.#booted?.prepared.plan.plugins.map(describeInstalled) ?? [];
    const nodes = engineNodes(installed, this.#statuses);
    return prepareBackend({ ...this.#given, added: this.#added, engineNodes: nodes }, report);
  }

  async #start(): Promise<{ result: BackendStartupResult }> {
    const report = new StartupReport();
    const prepared = await this.#prepare(report);
    this.#booted = { prepared, tools: { limits: defaultLimits } };
    const { signal } = this.#abort;
    const { middleware } = this.#given;
    await bootBackend({ prepared, report, statuses: this.#statuses, middleware, signal }, tools => {
      this.#booted = { prepared, tools };
    });
    const { tools } = this.#booted;

    const result = report.result();
    tools.reporter?.result(result);
    if (result.outcome === 'success') {
      this.#state = 'started';
      return { result };
    }
    const error = new BackendStartupError(result);
    if (!tools.reporter) tools.logger?.error(error.message);
    this.#state = 'failed';
    await this.#stopBooted();
    // Left one turn later than the rejection, so that a failure that nobody handles is still noticed.
    setTimeout(this.#leaveProcess, 0);
    throw error;
  }

  async #stop(): Promise<BackendShutdownResult> {
    if (this.#state === 'idle') {
      this.#state = 'stopped';
      return nothingStopped;
    }
    this.#abort.abort('GR_START_ABORTED' satisfies AbortReason);
    await this.#starting!.catch(() => {});
    // A start that failed has stopped what it had started.
    const result = this.#state === 'failed' ? this.#stoppedByFailure : await this.#stopBooted();
    this.#state = 'stopped';
    this.#leaveProcess();
    return result;
  }

  #stoppedByFailure: BackendShutdownResult = nothingStopped;

  async #stopBooted(): Promise<BackendShutdownResult> {
    const { prepared, tools } = this.#booted!;
    if (this.#state === 'started') this.#state = 'stopping';
    this.#statuses.stopping();
    const result = await stopBackend(prepared.plan.graph, prepared.registry, tools.limits);
    this.#stoppedByFailure = result;
    tools.reporter?.shutdown(result);
    return result;
  }

  #logFatal(message: string, error: unknown): boolean {
    const logger = this.#booted?.tools.logger;
    if (error instanceof BackendStartupError) {
      // Nobody handled the failed start. The reporter or the logger has shown it already, if there is one.
      if (!logger) console.error(error.message);
      if (!this.#stopping) process.exit(1);
      return true;
    }
    logger?.error(message, error instanceof Error ? error : new Error(String(error)));
    return logger !== undefined;
  }

  /** Nothing is left that could ever finish the start. */
  #onIdle(): void {
    if (this.#state !== 'starting') return;
    process.exitCode = 1;
    this.#abort.abort('GR_START_STALLED' satisfies AbortReason);
  }

  #notIdle(call: string, source: CallSite): EngineError {
    return new EngineError('GR_BACKEND_NOT_IDLE', { call, state: this.#state, source: String(source) });
  }
}

function describeInstalled({ id, modules }: { id: string; modules: ReadonlyArray<{ id: string }> }) {
  return { pluginId: id, modules: modules.map(module => ({ moduleId: module.id })) };
}
