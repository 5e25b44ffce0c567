// The state machine of a backend alone: idle > starting > started | failed > stopping > stopped.
import { CallSite } from '@greenroom/backend-plugin-api/internal';
import { BackendStartupError } from './BackendStartupError';
import { bootBackend, type BackendTools } from './boot/bootBackend';
import { configurationProblems } from './boot/configurationProblems';
import type { InternalExtensionPointFactoryMiddleware } from './boot/createExtensionPointFactoryMiddleware';
import type { AddedFeature } from './boot/collectFeatures';
import { Announcer } from './boot/Announcer';
import { inspectPlan, type BackendInspection } from './boot/inspectPlan';
import { orAborted } from './boot/orAborted';
import { PluginStatuses } from './boot/PluginStatuses';
import type { Part } from './boot/Part';
import type { BackendPlan } from './boot/planBackend';
import { prepareBackend, type BackendParts } from './boot/prepareBackend';
import type { BackendShutdownResult } from './report/ShutdownResult';
import { problemsOf, type BackendProblem } from './boot/problemsOf';
import { defaultLimits } from './boot/bootSettings';
import type { BootContext } from './boot/StartContext';
import { StartSignal } from './boot/StartSignal';
import { StartupReport } from './boot/StartupReport';
import type { BackendStartupResult } from './report/StartupResult';
import { stopBackend } from './boot/stopBackend';
import { EngineError, reasonOf } from './errors';
import { addProcessParticipant, noteStartFailure } from './process/processHandlers';
import { engineNodes } from './services/engineNodes';
import type { FeatureNotesService } from './services/engineServices';
import type { Slots } from './services/ServiceNode';
import { ServiceRegistry } from './services/ServiceRegistry';

type State = 'idle' | 'starting' | 'started' | 'failed' | 'stopping' | 'stopped';

/** What a backend was created with. */
interface Given extends Pick<BackendParts, 'given'> {
  readonly middleware: readonly InternalExtensionPointFactoryMiddleware[];
}

/** A plan, with the registry that holds what feature loaders asked for. */
type Prepared = Pick<BootContext, 'plan' | 'registry'>;

/** What a start made, and what stopping it takes. */
interface Booted {
  readonly registry: ServiceRegistry;
  /** Missing until the backend is planned. */
  readonly plan?: BackendPlan;
  readonly tools: BackendTools;
}

const nothingStopped: BackendShutdownResult = { durationMs: 0, outcome: 'success', hooks: [] };

/** One backend, from `add` to `stop`. */
export class BackendInstance {
  #state: State = 'idle';
  readonly #added: AddedFeature[] = [];
  readonly #given: Given;
  readonly #statuses = new PluginStatuses();
  readonly #signal = new StartSignal();
  /** Set when the start failed, other than by being stopped. */
  #failed = false;
  #leaveProcess = () => {};
  #booted?: Booted;
  #starting?: Promise<{ result: BackendStartupResult }>;
  #stopping?: Promise<BackendShutdownResult>;

  constructor(given: Given) {
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
      stop: async () => (await this.stop()).outcome === 'success' && !this.#failed,
      hasPlugin: id => this.#booted?.plan?.plugins.some(plugin => plugin.pluginId === id) ?? false,
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
    return this.#onPlan(async (prepared, report) => {
      const problems = report ? await configurationProblems(prepared, report) : [];
      return problemsOf({ ...prepared.plan, problems: [...prepared.plan.problems, ...problems] });
    });
  }

  async inspect(): Promise<BackendInspection> {
    return this.#onPlan(({ plan }) => inspectPlan(plan));
  }

  /** Reads the plan: that of the start if there was one, else one made for this alone, with a report of its own. */
  async #onPlan<T>(read: (prepared: Prepared, report?: StartupReport) => T): Promise<Awaited<T>> {
    const { plan: planned, registry: started } = this.#booted ?? {};
    if (planned) return await read({ plan: planned, registry: started! });
    const report = new StartupReport();
    const registry = new ServiceRegistry(report);
    const plan = await this.#prepare(report, registry);
    const result = await read({ plan, registry }, report);
    // Feature loaders and the reader may have had services made, and nothing else would close them.
    await stopBackend(registry, defaultLimits);
    return result;
  }

  #prepare(report: StartupReport, registry: ServiceRegistry): Promise<BackendPlan> {
    const installed = () => this.#booted?.plan?.plugins.map(describeInstalled) ?? [];
    const { given } = this.#given;
    const nodes = (slots: Slots, notes: FeatureNotesService) =>
      engineNodes(slots, installed, this.#statuses, notes);
    return prepareBackend({ given, added: this.#added, engineNodes: nodes }, report, registry);
  }

  async #start(): Promise<{ result: BackendStartupResult }> {
    try {
      const report = new StartupReport();
      await this.#boot(report);
      const result = report.result();
      const { announcer } = this.#booted!.tools;
      if (result.outcome === 'success') {
        announcer.result(result);
        this.#state = 'started';
        // Of a start that is over only its plan is needed again, and what stops it.
        this.#added.length = 0;
        this.#booted!.registry.root.stopRecording();
        this.#starting = undefined;
        return { result };
      }
      const error = new BackendStartupError(result);
      announcer.result(result, error);
      throw error;
    } catch (error) {
      this.#state = 'failed';
      const failure = error instanceof BackendStartupError ? error : undefined;
      const stopped = this.#stopping !== undefined && failure !== undefined && !failsByItself(failure.result);
      this.#failed = !stopped;
      const shown = failure !== undefined && this.#booted!.tools.announcer.isHeard;
      noteStartFailure(error as Error, { shown, stopped });
      await this.#stopBooted();
      // Left one turn later than the rejection, so that a failure that nobody handles is still noticed.
      setTimeout(this.#leaveProcess, 0);
      throw error;
    }
  }

  /** Every failure that belongs to the backend or its features is in the report. */
  async #boot(report: StartupReport): Promise<void> {
    const signal = this.#signal;
    const registry = new ServiceRegistry(report);
    const tools = { limits: defaultLimits, announcer: new Announcer() };
    this.#booted = { registry, tools };
    let plan: BackendPlan | undefined;
    const prepare = async () => void (plan = await this.#prepare(report, registry));
    await orAborted(prepare, { signal, report });
    if (!plan) return;

    this.#booted = { registry, plan, tools };
    const { middleware } = this.#given;
    await bootBackend({ plan, registry, report, statuses: this.#statuses, middleware, signal }, made => {
      this.#booted = { registry, plan, tools: made };
    });
  }

  async #stop(): Promise<BackendShutdownResult> {
    if (this.#state === 'idle') {
      this.#state = 'stopped';
      return nothingStopped;
    }
    this.#signal.abort('GR_START_ABORTED');
    await this.#starting?.catch(() => {});
    // A start that failed has stopped what it had started.
    const result = this.#state === 'failed' ? this.#stoppedByFailure : await this.#stopBooted();
    this.#state = 'stopped';
    this.#leaveProcess();
    return result;
  }

  #stoppedByFailure: BackendShutdownResult = nothingStopped;

  async #stopBooted(): Promise<BackendShutdownResult> {
    const { registry, tools } = this.#booted!;
    if (this.#state === 'started') this.#state = 'stopping';
    this.#statuses.stopping();
    const result = await stopBackend(registry, tools.limits);
    this.#stoppedByFailure = result;
    tools.announcer.shutdown(result);
    return result;
  }

  #logFatal(message: string, error: unknown, pluginId: string | undefined): boolean {
    const root = this.#booted?.tools.logger;
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

/** Whether a start would have failed without being stopped. */
function failsByItself({ problems, plugins }: BackendStartupResult): boolean {
  const entries = plugins.flatMap(plugin => [plugin, ...plugin.modules]);
  const errors = entries.flatMap(({ failure }) => (failure?.allowed === false ? [failure.error] : []));
  return [...problems, ...errors].some(error => (error as EngineError).code !== 'GR_START_ABORTED');
}

function describeInstalled({ pluginId, modules }: Part) {
  return { pluginId, modules: modules.map(module => ({ moduleId: module.id })) };
}
