// The state machine of a backend: idle > starting > started | failed > stopping > stopped.
import { types } from 'node:util';
import type {
  BackendFeature,
  BackendFeatureImport,
  RootInstanceMetadataService,
} from '@greenroom/backend-plugin-api';
import { CallSite } from '@greenroom/backend-plugin-api/internal';
import { BackendStartupError, decisiveFailures } from './BackendStartupError';
import { Announcer } from './boot/Announcer';
import { bootBackend, readConfiguration } from './boot/bootBackend';
import { defaultSettings } from './boot/bootSettings';
import type { AddedFeature } from './boot/collectFeatures';
import type { InternalExtensionPointFactoryMiddleware } from './boot/createExtensionPointFactoryMiddleware';
import { StartSignal } from './boot/endOf';
import { inspectPlan, type BackendInspection } from './boot/inspectPlan';
import type { BackendPlan } from './boot/planBackend';
import { PluginStatuses } from './boot/PluginStatuses';
import { prepareBackend, type BackendParts } from './boot/prepareBackend';
import { problemsOf, type BackendProblem } from './boot/problemsOf';
import type { BootContext, StartContext } from './boot/StartContext';
import { orAborted } from './boot/startFailures';
import { StartupReport } from './boot/StartupReport';
import { stopBackend } from './boot/stopBackend';
import { watchSteps } from './boot/watchSteps';
import { EngineError } from './errors';
import { addProcessParticipant, forgetStartFailure, noteStartFailure } from './process/processHandlers';
import type { BackendShutdownResult } from './report/ShutdownResult';
import type { BackendStartupResult } from './report/StartupResult';
import { instanceMetadata } from './services/engineNodes';
import { ServiceRegistry } from './services/ServiceRegistry';

/** Captured, because tests replace the timers of their process. */
const { setImmediate: inTheNextTurn } = globalThis;

type State = 'idle' | 'starting' | 'started' | 'failed' | 'stopping' | 'stopped';

/** A feature, or the promise that `import()` returns for a module whose default export is a feature. */
export type BackendFeatureInput = BackendFeature | Promise<BackendFeatureImport>;

/** A backend. Add features, then start it once, and stop it. */
export interface Backend {
  /**
   * Adds a plugin, module, service factory or feature loader. Throws `GR_BACKEND_NOT_IDLE` after `start()` or `stop()`.
   */
  add(feature: BackendFeatureInput): void;
  /**
   * Starts the backend. On failure it stops everything that had started, then rejects with a
   * {@link BackendStartupError}; if that is not handled, the process exits with code 1. If `onFailure` is given, it
   * is called with the error instead, and the promise resolves with the result of the failed start. After an earlier
   * `start()` or `stop()` it fails with `GR_BACKEND_NOT_IDLE`, and there is no result.
   */
  start(
    onSuccess?: (started: { result: BackendStartupResult }) => void,
    onFailure?: (error: BackendStartupError | Error) => void,
  ): Promise<{ result: BackendStartupResult }>;
  /**
   * Finds every problem that can be found without running plugin code: it resolves imports, runs feature loaders and
   * plans the backend. Returns an empty list if there are none. Opens no port and no database, except those that
   * feature loaders ask for. Once `start()` has made a plan, it returns the problems of that, and tries nothing again.
   */
  check(): Promise<BackendProblem[]>;
  /** Returns the plan of the backend, made like for `check()`, as plain data, for visualisation. */
  inspect(): Promise<BackendInspection>;
  /**
   * Stops the backend; a start in progress is aborted first. Can be called at any time and more than once. Never
   * rejects.
   */
  stop(): Promise<BackendShutdownResult>;
}

/** One backend, from `add` to `stop`. Its methods can be detached and called on their own. */
export class BackendInstance implements Backend {
  #state: State = 'idle';
  readonly #added: AddedFeature[] = [];
  readonly #statuses = new PluginStatuses();
  readonly #metadata: RootInstanceMetadataService;
  /** Set when the start failed, unless it failed only because the backend was stopped. */
  #failed = false;
  #leaveProcess = () => {};
  /** What the start has made so far, and what is needed to stop that. */
  #made?: Omit<BootContext, 'report'>;
  #starting?: Promise<{ result: BackendStartupResult }>;
  #stopping?: Promise<BackendShutdownResult>;
  /** Also set after a failed start, which stops whatever it had started. */
  #stopped?: BackendShutdownResult;

  constructor(
    private readonly given: BackendParts['given'],
    private readonly middleware: readonly InternalExtensionPointFactoryMiddleware[],
    instanceId: string | undefined,
  ) {
    const installed = async () =>
      (this.#made?.plan?.plugins ?? []).map(({ pluginId, modules }) => {
        return { pluginId, modules: modules.map(module => ({ moduleId: module.id })) };
      });
    this.#metadata = instanceMetadata(installed, instanceId);
  }

  readonly add: Backend['add'] = feature => {
    const source = new CallSite(this.add, this.#added.length);
    if (this.#state !== 'idle') throw this.#notIdle('add()', source);
    this.#added.push({ feature, source });
    // A failed import is reported when the backend starts; until then it must not end the process.
    if (types.isPromise(feature)) feature.catch(() => {});
  };

  readonly start: Backend['start'] = async (onSuccess, onFailure) => {
    let started;
    try {
      if (this.#state !== 'idle') throw this.#notIdle('start()', new CallSite(this.start));
      started = await (this.#starting = this.#start());
    } catch (error) {
      if (!onFailure) throw error;
      onFailure(error as Error);
      forgetStartFailure(error as Error);
      return { result: (error as BackendStartupError).result };
    }
    onSuccess?.(started);
    return started;
  };

  readonly stop: Backend['stop'] = () => (this.#stopping ??= this.#stop());

  readonly check: Backend['check'] = () =>
    this.#onPlan(async (plan, context) => {
      if (context) await readConfiguration(context, context.report.whole);
      return problemsOf(context?.plan ?? plan);
    });

  readonly inspect: Backend['inspect'] = () => this.#onPlan(plan => inspectPlan(plan));

  /** Passes the plan to `read`: that of the start if there was one, otherwise a plan made just for this call. */
  async #onPlan<T>(read: (plan: BackendPlan, context?: StartContext) => T | Promise<T>): Promise<T> {
    if (this.#made?.plan) return read(this.#made.plan);
    const context = this.#newContext();
    const stopWatching = watchSteps(context);
    try {
      const plan = await this.#prepare(context);
      return await read(plan, Object.assign(context, { plan }));
    } finally {
      stopWatching();
      // Feature loaders, and `read` itself, may have created services, and nothing else would close them.
      await stopBackend(context);
    }
  }

  #newContext(): BootContext {
    const report = new StartupReport();
    return {
      ...defaultSettings(),
      report,
      registry: new ServiceRegistry(report),
      statuses: this.#statuses,
      middleware: this.middleware,
      signal: new StartSignal(),
      announcer: new Announcer(),
    };
  }

  #prepare(context: BootContext): Promise<BackendPlan> {
    return prepareBackend({ given: this.given, added: this.#added, metadata: this.#metadata }, context);
  }

  async #start(): Promise<{ result: BackendStartupResult }> {
    this.#state = 'starting';
    this.#leaveProcess = addProcessParticipant({
      stop: async () => (await this.stop()).outcome === 'success' && !this.#failed,
      hasPlugin: id => this.#made?.plan?.byId.has(id) ?? false,
      logger: () => this.#made?.announcer.logger,
      onIdle: () => {
        // Nothing is left that could ever finish the start.
        if (this.#state !== 'starting') return;
        process.exitCode = 1;
        this.#made!.signal.abort('GR_START_STALLED');
      },
    });
    try {
      const context = (this.#made = this.#newContext());
      await this.#boot(context).finally(watchSteps(context));
      const { report, ...kept } = context;
      const result = report.result();
      if (result.outcome === 'failure') throw new BackendStartupError(result);
      context.announcer.result(result);
      this.#state = 'started';
      // Once a start is over, only its plan is needed again, and whatever stops it.
      this.#added.length = 0;
      this.#made = kept;
      context.registry.root.stopRecording();
      this.#starting = undefined;
      return { result };
    } catch (error) {
      this.#state = 'failed';
      await this.#onFailure(error as Error);
      // Only then has the process noticed a rejection that nobody handles.
      inTheNextTurn(this.#leaveProcess);
      throw error;
    }
  }

  async #boot(context: BootContext): Promise<void> {
    const plan = await orAborted(() => this.#prepare(context), context);
    if (plan) await bootBackend(Object.assign(context, { plan }));
  }

  async #onFailure(error: Error): Promise<void> {
    const result = error instanceof BackendStartupError ? error.result : undefined;
    const shown = result !== undefined && this.#made!.announcer.result(result, error);
    const failures = result ? decisiveFailures(result) : [error];
    const isAbort = failures.every(failure => (failure as EngineError).code === 'GR_START_ABORTED');
    const stopped = this.#stopping !== undefined && isAbort;
    this.#failed = !stopped;
    noteStartFailure(error, { shown, stopped });
    await this.#stopBooted();
  }

  async #stop(): Promise<BackendShutdownResult> {
    if (this.#state === 'idle') {
      this.#state = 'stopped';
      return { durationMs: 0, outcome: 'success', hooks: [] };
    }
    this.#made!.signal.abort('GR_START_ABORTED');
    await this.#starting?.catch(() => {});
    const result = this.#stopped ?? (await this.#stopBooted());
    this.#state = 'stopped';
    // A failed start leaves by itself.
    if (!this.#starting) this.#leaveProcess();
    return result;
  }

  async #stopBooted(): Promise<BackendShutdownResult> {
    if (this.#state === 'started') this.#state = 'stopping';
    this.#statuses.stopping();
    this.#stopped = await stopBackend(this.#made!);
    this.#made!.announcer.shutdown(this.#stopped);
    return this.#stopped;
  }

  #notIdle(call: string, source: CallSite): EngineError {
    return new EngineError('GR_BACKEND_NOT_IDLE', { call, state: this.#state, source: String(source) });
  }
}
