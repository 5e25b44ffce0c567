// Steps 2 and 3: turns what was added into a plan. Runs no init, and makes only the services that feature loaders need.
import type { RootInstanceMetadataService } from '@greenroom/backend-plugin-api';
import type { InternalFeatureLoader } from '@greenroom/backend-plugin-api/internal';
import { EngineError, subject } from '../errors';
import { DefaultFactories } from '../services/DefaultFactories';
import { engineNodes } from '../services/engineNodes';
import { faultsBehind } from '../services/markFaulty';
import { ServiceGraph, wrongScope } from '../services/serviceGraph';
import { Slots, type ServiceDependency } from '../services/ServiceNode';
import type { SourcedFactory } from '../services/selectFactories';
import type { ServiceRegistry } from '../services/ServiceRegistry';
import type { ServiceFailure } from '../services/ServiceScope';
import { collectFeatures, describeLoader, type AddedFeature } from './collectFeatures';
import { planBackend, theBackend, type BackendPlan } from './planBackend';
import { readGiven, type GivenFactory } from './readGiven';
import { readRegistrations } from './readRegistrations';
import { abortError, serviceError, wiringError } from './startFailures';
import type { BootContext } from './StartContext';
import type { SpanId } from '../report/SpanRecorder';

/** What a backend is made from. */
export interface BackendParts {
  readonly added: readonly AddedFeature[];
  /** The factories given when the backend was created. Called once per start. */
  given(): readonly GivenFactory[];
  readonly metadata: RootInstanceMetadataService;
}

/**
 * Every problem is in the report; those that were found here are in the plan as well. Rejects only if the backend was
 * stopped in the meantime.
 */
export async function prepareBackend(
  parts: BackendParts,
  { report, registry, statuses }: BootContext,
): Promise<BackendPlan> {
  const { problems } = report;
  const slots = new Slots();
  const notes: Array<Error & { code: string }> = [];
  const builtIn = engineNodes(slots, parts.metadata, statuses, { add: note => void notes.push(note) });
  const given = readGiven(parts.given(), problems);
  const defaults = new DefaultFactories(report);

  const link = (factories: readonly SourcedFactory[], asked: readonly unknown[], span: SpanId) =>
    ServiceGraph.link({ factories, engineNodes: builtIn, asked, defaults, slots, span });

  const loaderServices = async (
    loader: InternalFeatureLoader,
    known: readonly SourcedFactory[],
    span: SpanId,
  ) => {
    throwIfStopped(registry);
    if (!loader.deps) return {};
    const graph = await link([...known, ...given], Object.values(loader.deps), span);
    const consumer = `the feature loader ${describeLoader(loader)}`;
    const deps = linkLoader(loader, graph, consumer);
    try {
      return await registry.resolveAll(deps, registry.root, span);
    } catch (failure) {
      throw serviceError(consumer, failure as ServiceFailure);
    }
  };

  const collecting = report.begin('collect', 'collect', 'root', report.whole);
  const collected = await collectFeatures(parts.added, loaderServices, report, collecting);
  throwIfStopped(registry);
  const registering = report.begin('register', 'register', 'root', collecting);
  const registrations = readRegistrations(collected.registrations, problems);
  report.end(registering);
  report.end(collecting);

  const planning = report.begin('plan', 'plan', 'root', report.whole);
  // Default factories that were already used for a feature loader stay in place.
  const made = registry.rootNodes.filter(({ origin }) => origin === 'reference');
  const asked = [...registrations.asked, ...made.map(({ factory }) => factory.service)];
  const factories = [...collected.factories, ...given];
  const graph = await link(factories, asked, planning);
  const replaced = builtInReplaced(factories, new Set(builtIn.map(node => node.id)));
  problems.push(...graph.conflicts, ...replaced, ...replacedTooLate(graph, registry));
  const plan = planBackend(registrations.parts, graph);
  problems.push(...plan.problems);
  report.end(planning);
  return { ...plan, problems: [...problems], notes };
}

/** An import or feature loader may finish after the backend was stopped; its result is then dropped. */
function throwIfStopped({ root }: ServiceRegistry): void {
  if (root.closed) throw abortError(theBackend.subject);
}

function linkLoader(
  loader: InternalFeatureLoader,
  graph: ServiceGraph,
  consumer: string,
): ServiceDependency[] {
  const deps: ServiceDependency[] = [];
  const problems: EngineError[] = [];
  for (const [name, ref] of Object.entries(loader.deps!)) {
    const dependency = graph.dependency(name, ref, { subject: consumer });
    if (dependency instanceof EngineError) problems.push(dependency);
    else if (dependency.providers.some(node => node.scope === 'plugin')) {
      problems.push(wrongScope(dependency.id, consumer));
    } else deps.push(dependency);
  }
  problems.push(...faultsBehind(deps, { subject: consumer }));
  if (problems.length > 0) throw wiringError({ subject: consumer, problems });
  return deps;
}

function builtInReplaced(factories: readonly SourcedFactory[], builtIn: ReadonlySet<string>): EngineError[] {
  return factories
    .filter(({ factory, origin }) => origin !== 'default' && builtIn.has(factory.service.id))
    .map(({ factory, source }) => {
      const fields = { subject: subject('service', factory.service.id), source: String(source) };
      return new EngineError('GR_SERVICE_BUILT_IN', fields);
    });
}

/** Services that were made for a loader although another factory takes precedence in the end. */
function replacedTooLate(graph: ServiceGraph, registry: ServiceRegistry): EngineError[] {
  const problems: EngineError[] = [];
  for (const { id, factory } of registry.rootNodes) {
    const winners = graph.providers(id);
    if (winners.length === 0 || winners.some(node => node.factory === factory)) continue;
    const fields = { subject: subject('service', id), source: String(winners[0]!.source) };
    problems.push(new EngineError('GR_SERVICE_ALREADY_CREATED', fields));
  }
  return problems;
}
