// Steps 4 to 6: root services, plugins, root startup hooks. Fills the report; what it made is handed back so that it can be stopped.
import type { LoggerService, RootConfigService } from '@greenroom/backend-plugin-api';
import { isPromise } from '../graph/isPromise';
import type { StartupReporterService } from '../services/engineServices';
import { Announcer } from './Announcer';
import type { ServiceFailure } from '../services/ServiceRegistry';
import { orAborted } from './orAborted';
import type { BootFailurePolicy } from './bootFailurePolicy';
import type { InternalExtensionPointFactoryMiddleware } from './createExtensionPointFactoryMiddleware';
import type { PluginStatuses } from './PluginStatuses';
import type { PreparedBackend } from './prepareBackend';
import { readSettings } from './readSettings';
import type { ShutdownLimits } from './shutdownLimits';
import { failureOf, serviceError, wiringError } from './startFailures';
import { theBackend } from './planBackend';
import { retryPlugin } from './retryPlugin';
import { runStartupHooks } from './runStartupHooks';
import { reportSkippedModules, startPlugins } from './startPlugins';
import type { StartSignal } from './StartSignal';
import type { StartupReport } from './StartupReport';
import { watchLongSteps } from './watchLongSteps';
import type { SpanId } from '../report/SpanRecorder';

/** What the engine itself uses of the services of a backend. Each is missing where nothing provides it. */
export interface BackendTools {
  readonly logger?: LoggerService;
  readonly announcer: Announcer;
  readonly limits: ShutdownLimits;
}

/** What booting works with. */
export interface BootContext {
  readonly prepared: PreparedBackend;
  readonly report: StartupReport;
  readonly statuses: PluginStatuses;
  readonly middleware: readonly InternalExtensionPointFactoryMiddleware[];
  readonly signal: StartSignal;
}

/** Never rejects: every failure is in the report. `onTools` is called as soon as the backend can be heard and stopped. */
export async function bootBackend(
  context: BootContext,
  onTools: (tools: BackendTools) => void,
): Promise<void> {
  const { prepared, report, signal } = context;
  report.problems.push(...prepared.plan.problems);

  const span = report.begin('root', 'root', 'root', report.whole);
  const config = (await engineService(context, 'core.rootConfig', span)) as RootConfigService | undefined;
  const { policy, limits } = await readSettings(config, report.problems);
  const timeoutMs = policy.timeoutMs();
  const logger = (await engineService(context, 'core.rootLogger', span, timeoutMs)) as
    LoggerService | undefined;
  const reporter = (await engineService(context, 'greenroom.startupReporter', span, timeoutMs)) as
    StartupReporterService | undefined;
  const announcer = new Announcer(reporter, logger);
  onTools({ limits, logger, announcer });
  if (isDoomed(context, policy)) {
    report.end(span);
    return;
  }

  const whole = [{ subject: 'the backend', span: report.whole }];
  const watched = async (step: () => Promise<void>) => {
    const stopWatching = watchLongSteps(report, announcer, () => whole);
    await orAborted(step, { signal, report, timeoutMs });
    stopWatching();
  };
  await watched(() => startRootServices(context, span));
  report.end(span);
  if (report.problems.length > 0) {
    skipAll(context);
    return;
  }

  const { plan, registry } = prepared;
  const startContext = { ...context, plan, registry, policy, announcer };
  const runs = await startPlugins(startContext);
  if (report.hasDecisiveFailure()) return;
  await watched(() => runRootStartupHooks(context));
  if (!report.hasDecisiveFailure()) runs.forEach(run => retryPlugin(run, limits));
}

/** Where a problem of the plan already decides the outcome, nothing is started: its entries are closed as they are. */
function isDoomed(context: BootContext, policy: BootFailurePolicy): boolean {
  const { prepared, report } = context;
  const decisive = prepared.plan.plugins.some(
    plugin =>
      policy.plugin(plugin.id) === 'abort' &&
      (plugin.problems.length > 0 ||
        plugin.modules.some(
          module => module.problems.length > 0 && policy.module(plugin.id, module.id) === 'abort',
        )),
  );
  if (!decisive && report.problems.length === 0) return false;
  skipAll(context, policy);
  return true;
}

/** Closes an entry for every plugin and module without starting any: failed where the plan found a problem, else skipped. */
function skipAll({ prepared, report, statuses }: BootContext, policy?: BootFailurePolicy): void {
  for (const plugin of prepared.plan.plugins) {
    const entry = report.plugin(plugin.id, plugin.modules);
    const pluginAllowed = policy !== undefined && policy.plugin(plugin.id) !== 'abort';
    if (plugin.problems.length > 0) {
      const error = wiringError(plugin.declared.subject, plugin.problems);
      report.fail(entry, { error, allowed: pluginAllowed });
      statuses.set(plugin.id, 'failed', error.code);
    }
    for (const [at, module] of plugin.modules.entries()) {
      if (module.problems.length === 0) continue;
      const allowed =
        pluginAllowed || (policy !== undefined && policy.module(plugin.id, module.id) !== 'abort');
      report.fail(entry.modules[at]!, {
        error: wiringError(module.declared.subject, module.problems),
        allowed,
      });
    }
  }
  reportSkippedModules(prepared.plan, report);
}

/** Step 4: eager root services as a graph, in parallel where they are independent; each failure is a problem. */
async function startRootServices({ prepared, report }: BootContext, span: SpanId): Promise<void> {
  const { plan, registry } = prepared;
  const failed = new Map<unknown, ServiceFailure>();
  // Several services fail for one cause: only the nearest to it is a problem of its own.
  const note = (failure: ServiceFailure) => {
    const { cause, ids } = failure;
    // A thrown string says nothing of whether it is the same failure.
    const key = cause instanceof Object ? cause : ids.at(-1);
    const known = failed.get(key);
    if (!known || known.ids.length > ids.length) failed.set(key, failure);
  };
  const pending: Promise<unknown>[] = [];
  for (const node of plan.eagerRoot) {
    try {
      const instance = registry.instance(node, registry.root, span);
      if (isPromise(instance)) pending.push(instance.catch(note));
    } catch (failure) {
      note(failure as ServiceFailure);
    }
  }
  await Promise.all(pending);
  for (const failure of failed.values()) report.problems.push(serviceError('the backend', failure));
}

async function runRootStartupHooks({ prepared, report }: BootContext): Promise<void> {
  const { plan, registry } = prepared;
  const lifecycle = registry.existing(plan.graph.providers('core.rootLifecycle')[0], registry.root);
  if (lifecycle === undefined) return;
  try {
    await runStartupHooks(lifecycle, theBackend, 'root', report.whole, report);
  } catch (error) {
    report.problems.push(failureOf(theBackend, 'GR_STARTUP_HOOK_FAILED', error));
  }
}

/** A root service that the engine uses if there is one. Its failure is a problem of the backend. */
async function engineService(
  context: BootContext,
  id: string,
  span: SpanId,
  timeoutMs?: number,
): Promise<unknown> {
  const { prepared, report, signal } = context;
  const { plan, registry } = prepared;
  const [node] = plan.graph.providers(id);
  if (!node) return undefined;
  // Others would most likely wait for what hangs already.
  if (report.problems.some(({ code }) => code === 'GR_START_TIMEOUT')) return undefined;
  // What can't be made because of its wiring is in the plan's problems already.
  if (plan.graph.isFaulty(node)) return undefined;
  let instance: unknown;
  const make = async () => {
    try {
      instance = await registry.instance(node, registry.root, span);
    } catch (thrown) {
      const failure = thrown as ServiceFailure;
      const known = report.problems.some(problem => problem.cause === failure.cause);
      if (!known) report.problems.push(serviceError('the backend', failure));
    }
  };
  await orAborted(make, { signal, report, timeoutMs });
  return instance;
}
