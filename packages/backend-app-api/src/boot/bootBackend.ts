// Steps 4 to 6: root services, plugins, root startup hooks. Fills the report.
import type { LoggerService, RootConfigService } from '@greenroom/backend-plugin-api';
import type { SpanId } from '../report/SpanRecorder';
import type { StartupReporterService } from '../services/engineServices';
import type { ServiceNode } from '../services/ServiceNode';
import { ServiceFailure } from '../services/ServiceScope';
import { Announcer } from './Announcer';
import { readSettings } from './bootSettings';
import { runStartupHooks } from './lifecycleHooks';
import type { Part } from './Part';
import { theBackend } from './planBackend';
import { retryPlugin } from './retryPlugin';
import type { StartContext } from './StartContext';
import { orAborted, serviceError, wiringError } from './startFailures';
import { startPlugins } from './startPlugins';

/** Never rejects: every failure is in the report. */
export async function bootBackend(context: StartContext): Promise<void> {
  const { plan, report, statuses } = context;
  // Before anything is made: an HTTP server among the root services gets requests for plugins as soon as it listens.
  statuses.plan(plan.byId);
  report.entries = [...plan.plugins, ...plan.skipped];

  const span = report.begin('root', 'root', 'root', report.whole);
  await readConfiguration(context, span);
  const logger = await engineService<LoggerService>(context, 'core.rootLogger', span);
  const reporter = await engineService<StartupReporterService>(context, 'greenroom.startupReporter', span);
  context.announcer = new Announcer(reporter, logger);
  bookWiringFaults(context);
  await startInOrder(context, span);
  if (report.hasDecisiveFailure()) return;
  plan.plugins.forEach(plugin => {
    if (plugin.failure) void retryPlugin(plugin, context);
  });
}

/** Root services, plugins, root startup hooks; none of them begins after a decisive failure. */
async function startInOrder(context: StartContext, span: SpanId): Promise<void> {
  const { registry, report } = context;
  if (!report.hasDecisiveFailure()) await orAborted(() => startRootServices(context, span), context);
  report.end(span);
  if (!report.hasDecisiveFailure()) await startPlugins(context);
  const lifecycle = registry.made('core.rootLifecycle', registry.root);
  const runHooks = () => runStartupHooks(lifecycle, theBackend, 'root', report.whole, report);
  if (!report.hasDecisiveFailure()) await orAborted(runHooks, context);
}

/**
 * Replaces the settings of the context by the configured ones. Whatever is wrong with these becomes a problem, of the
 * plan as well.
 */
export async function readConfiguration(context: StartContext, span: SpanId): Promise<void> {
  const { problems } = context.report;
  const config = await engineService<RootConfigService>(context, 'core.rootConfig', span);
  try {
    if (config) Object.assign(context, await readSettings(config, problems));
  } catch (error) {
    problems.push(serviceError(theBackend.subject, new ServiceFailure('core.rootConfig', error)));
  }
  // An abort is no problem of the plan.
  if (!context.signal.aborted) context.plan = { ...context.plan, problems: [...problems] };
}

/** Marks plugins and modules with wiring problems as failed before anything starts, even if the start never reaches them. */
function bookWiringFaults({ plan, report, policy }: StartContext): void {
  const book = (part: Part) => report.fail(part, wiringError(part), policy.allows(part));
  plan.plugins.forEach(plugin => {
    const { modules } = plugin;
    for (let at = 0; at < modules.length; at++) if (modules[at]!.problems.length > 0) book(modules[at]!);
    if (plugin.problems.length > 0) book(plugin);
  });
}

/** Step 4: makes the eager root services, in parallel where they are independent. Each failure becomes a problem. */
async function startRootServices({ plan, registry, report }: StartContext, span: SpanId): Promise<void> {
  const failed = new Map<unknown, ServiceFailure>();
  // If several services fail for the same cause, only the one nearest to it becomes a problem.
  const note = (failure: ServiceFailure) => {
    const { cause } = failure;
    // Equal primitives need not be the same failure.
    const key = cause instanceof Object ? cause : failure.ids.at(-1);
    const known = failed.get(key);
    if (!known || known.distance > failure.distance) failed.set(key, failure);
  };
  const make = async (node: ServiceNode) => registry.instance(node, registry.root, span);
  await Promise.all(plan.eagerRoot.map(node => make(node).catch(note)));
  for (const failure of failed.values()) report.problems.push(serviceError('the backend', failure));
}

/** Makes a root service that the engine uses if it is provided. Its failure becomes a problem of the backend. */
async function engineService<T>(context: StartContext, id: string, span: SpanId): Promise<T | undefined> {
  const { plan, registry, report } = context;
  const [node] = plan.graph.providers(id);
  // If its wiring is faulty, the plan already contains the problem.
  if (!node || node.wiring === 'faulty') return undefined;
  // After a timeout, further services would most likely wait for the same thing.
  if (report.problems.some(({ code }) => code === 'GR_START_TIMEOUT')) return undefined;
  return orAborted(async () => registry.instance(node, registry.root, span) as T, context);
}
