// The state machine of a backend alone: idle > starting > started | failed > stopping > stopped.
import { CallSite } from '@greenroom/backend-plugin-api/internal';
import { BackendStartupError, decisiveFailures } from './BackendStartupError';
import { Announcer } from './boot/Announcer';
import { bootBackend, readConfiguration, type BackendTools } from './boot/bootBackend';
import { defaultLimits } from './boot/bootSettings';
import type { AddedFeature } from './boot/collectFeatures';
import type { InternalExtensionPointFactoryMiddleware } from './boot/createExtensionPointFactoryMiddleware';
import { StartSignal } from './boot/endOf';
import { inspectPlan, type BackendInspection } from './boot/inspectPlan';
import type { BackendPlan } from './boot/planBackend';
import { PluginStatuses } from './boot/PluginStatuses';
import { prepareBackend, type BackendParts } from './boot/prepareBackend';
import { problemsOf, type BackendProblem } from './boot/problemsOf';
import { orAborted } from './boot/startFailures';
import { StartupReport } from './boot/StartupReport';
import { stopBackend } from './boot/stopBackend';
import { EngineError, reasonOf } from './errors';
import { addProcessParticipant, noteStartFailure } from './process/processHandlers';
import type { BackendShutdownResult } from './report/ShutdownResult';
import type { BackendStartupResult } from './report/StartupResult';
import { engineNodes } from './services/engineNodes';
import { ServiceRegistry } from './services/ServiceRegistry';

type State = 'idle' | 'starting' | 'started' | 'failed' | 'stopping' | 'stopped';

/** What a backend was created with. */
interface Given extends Pick<BackendParts, 'given'> {
  readonly middleware: readonly InternalExtensionPointFactoryMiddleware[];
}

/** One backend, from `add` to `stop`. */
export class BackendInstance {
  #state: State = 'idle';
  readonly #added: AddedFeature[] = [];
  readonly #statuses = new PluginStatuses();
  readonly #signal = new StartSignal();
  /** Set when the start failed, other than by being stopped. */
  #failed = false;
  #leaveProcess = () => {};
  /** What the start made so far, and what stopping that takes. */
  #registry?: ServiceRegistry;
  #plan?: BackendPlan;
  #tools: BackendTools = { limits: defaultLimits, announcer: new Announcer() };
  #starting?: Promise<{ result: BackendStartupResult }>;
  #stopping?: Promise<BackendShutdownResult>;
  /** Of a start that failed too: it stops what it had started. */
  #stopped?: BackendShutdownResult;

  constructor(private readonly given: Given) {}

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
      stop: async () => (await this.stop()).outcome === 'success' && !this.#failed,
      hasPlugin: id => this.#plan?.plugins.some(plugin => plugin.pluginId === id) ?? false,
      logFatal: (message, error, pluginId) => this.#logFatal(message, error, pluginId),
      onIdle: () => this.#onIdle(),
    });
    this.#starting = this.#start();
    return this.#starting;
  }

  stop(): Promise<BackendShutdownResult> {
    return (this.#stopping ??= this.#stop());
  }

  /** Every problem that can be known without running plugin code: of the wiring and of the configuration. */
  async check(): Promise<BackendProblem[]> {
    return this.#onPlan(async (plan, made) => {
      if (!made) return problemsOf(plan);
      const { problems, whole } = made.report;
      problems.push(...plan.problems);
      await readConfiguration({ plan, ...made, signal: new StartSignal() }, whole);
      return problemsOf({ ...plan, problems });
    });
  }

  async inspect(): Promise<BackendInspection> {
    return this.#onPlan(plan => inspectPlan(plan));
  }

  /** Reads the plan: that of the start if there was one, else one made for this alone, with a report of its own. */
  async #onPlan<T>(
    read: (plan: BackendPlan, made?: { registry: ServiceRegistry; report: StartupReport }) => T | Promise<T>,
  ): Promise<T> {
    if (this.#plan) return read(this.#plan);
    const report = new StartupReport();
    const registry = new ServiceRegistry(report);
    const result = await read(await this.#prepare(report, registry), { registry, report });
    // Feature loaders and the reader may have had services made, and nothing else would close them.
    await stopBackend(registry, defaultLimits);
    return result;
  }

  #prepare(report: StartupReport, registry: ServiceRegistry): Promise<BackendPlan> {
    const metadata = {
      getInstalledPlugins: async () =>
        (this.#plan?.plugins ?? []).map(({ pluginId, modules }) => {
          return { pluginId, modules: modules.map(module => ({ moduleId: module.id })) };
        }),
    };
    const nodes: BackendParts['engineNodes'] = (slots, notes) =>
      engineNodes(slots, metadata, this.#statuses, notes);
    const { given } = this.given;
    return prepareBackend({ given, added: this.#added, engineNodes: nodes }, report, registry);
  }

  async #start(): Promise<{ result: BackendStartupResult }> {
    try {
      const report = new StartupReport();
      await this.#boot(report);
      const result = report.result();
      if (result.outcome === 'failure') throw new BackendStartupError(result);
      this.#tools.announcer.result(result);
      this.#state = 'started';
      // Of a start that is over only its plan is needed again, and what stops it.
      this.#added.length = 0;
      this.#registry!.root.stopRecording();
      this.#starting = undefined;
      return { result };
    } catch (error) {
      this.#state = 'failed';
      await this.#onFailure(error as Error);
      // Left one turn later than the rejection, so that a failure that nobody handles is still noticed.
      setTimeout(this.#leaveProcess, 0);
      throw error;
    }
  }

  /** Every failure that belongs to the backend or its features is in the report. */
  async #boot(report: StartupReport): Promise<void> {
    const signal = this.#signal;
    const registry = (this.#registry = new ServiceRegistry(report));
    let plan: BackendPlan | undefined;
    const prepare = async () => void (plan = await this.#prepare(report, registry));
    await orAborted(prepare, { signal, report });
    this.#plan = plan;
    if (!plan) return;

    const { middleware } = this.given;
    const context = { plan, registry, report, statuses: this.#statuses, middleware, signal };
    await bootBackend(context, tools => (this.#tools = tools));
  }

  async #onFailure(error: Error): Promise<void> {
    const { announcer } = this.#tools;
    const result = error instanceof BackendStartupError ? error.result : undefined;
    if (result) announcer.result(result, error);
    const failures = result ? decisiveFailures(result) : [error];
    const isAbort = failures.every(failure => (failure as EngineError).code === 'GR_START_ABORTED');
    const stopped = this.#stopping !== undefined && isAbort;
    this.#failed = !stopped;
    noteStartFailure(error, { shown: result !== undefined && announcer.isHeard, stopped });
    await this.#stopBooted();
  }

  async #stop(): Promise<BackendShutdownResult> {
    if (this.#state === 'idle') {
      this.#state = 'stopped';
      return { durationMs: 0, outcome: 'success', hooks: [] };
    }
    this.#signal.abort('GR_START_ABORTED');
    await this.#starting?.catch(() => {});
    const result = this.#stopped ?? (await this.#stopBooted());
    this.#state = 'stopped';
    this.#leaveProcess();
    return result;
  }

  async #stopBooted(): Promise<BackendShutdownResult> {
    if (this.#state === 'started') this.#state = 'stopping';
    this.#statuses.stopping();
    this.#stopped = await stopBackend(this.#registry!, this.#tools.limits);
    this.#tools.announcer.shutdown(this.#stopped);
    return this.#stopped;
  }

  #logFatal(message: string, error: unknown, pluginId: string | undefined): boolean {
    const root = this.#tools.logger;
    const logger = pluginId === undefined ? root : root?.child({ plugin: pluginId });
    if (error instanceof Error) logger?.error(message, error);
    else logger?.error(`${message}: ${reasonOf(error)}`);
    return logger !== undefined;
  }

  /** Nothing is left that could ever finish the start. */
  #onIdle(): void {
    if (this.#state !== 'starting') return;
    process.exitCode = 1;
    this.#signal.abort('GR_START_STALLED');
  }

  #notIdle(call: string, source: CallSite): EngineError {
    return new EngineError('GR_BACKEND_NOT_IDLE', { call, state: this.#state, source: String(source) });
  }
}
