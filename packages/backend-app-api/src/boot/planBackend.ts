// Step 3, plan: pure and synchronous. Turns what was declared into a BackendPlan and finds every problem that can be known without running anything.
import { addedAt, EngineError } from '../errors';
import { nearestId } from '../services/nearestId';
import type { ServiceDependency, ServiceGraph, ServiceNode } from '../services/serviceGraph';
import type { BackendPlan, PluginPlan, SkippedModules } from './BackendPlan';
import type { InternalExtensionPointFactoryMiddleware } from './createExtensionPointFactoryMiddleware';
import { duplicate, linkInit, type PlanContext } from './linkInit';
import { planExtensionPoints } from './planExtensionPoints';
import { planModules } from './planModules';
import type { Registered, Registrations } from './readRegistrations';

/** Plans a backend. `problems` are those that were found before; they come first in the plan's own. */
export function planBackend(
  { registered, problems: unowned }: Registrations,
  graph: ServiceGraph,
  middleware: readonly InternalExtensionPointFactoryMiddleware[],
  problems: readonly EngineError[],
): BackendPlan {
  const groups = groupByPlugin(registered);
  const context: PlanContext = { graph, middleware, index: { registered }, reached: new Set() };
  const eagerRoot = graph.nodes.filter(node => node.eager && node.scope === 'root');
  const eagerPlugin = graph.nodes.filter(node => node.eager && node.scope === 'plugin').map(asDependency);

  const plugins: PluginPlan[] = [];
  const skipped: SkippedModules[] = [];
  for (const [pluginId, group] of groups) {
    if (group.plugins.length > 0) plugins.push(planPlugin(pluginId, group, eagerPlugin, context));
    else skipped.push(skipModules(pluginId, group.modules, groups));
  }

  const rootFaults: EngineError[] = [];
  graph.addFaultsBehind(eagerRoot.map(asDependency), theBackend, rootFaults, context.reached);
  return Object.freeze({
    plugins,
    skipped,
    graph,
    eagerRoot,
    eagerPlugin,
    problems: [...problems, ...unowned, ...rootFaults, ...graph.cyclesOutside(context.reached)],
  });
}

/** The consumer of what nobody in particular asks for. */
export const theBackend = { subject: 'the backend' };

/** The registrations of one plugin id: of the plugin itself, more than one where it was added twice, and of its modules. */
export interface PluginGroup {
  readonly plugins: Registered[];
  readonly modules: Registered[];
}

function groupByPlugin(registered: readonly Registered[]): Map<string, PluginGroup> {
  const groups = new Map<string, PluginGroup>();
  for (const declared of registered) {
    let group = groups.get(declared.pluginId);
    if (!group) groups.set(declared.pluginId, (group = { plugins: [], modules: [] }));
    (declared.moduleId === undefined ? group.plugins : group.modules).push(declared);
  }
  return groups;
}

/** Plans one plugin with its modules. */
export function planPlugin(
  id: string,
  { plugins: [declared, ...twins], modules: declaredModules }: PluginGroup,
  eager: readonly ServiceDependency[],
  context: PlanContext,
): PluginPlan {
  const plugin = declared!;
  const problems: EngineError[] = [];
  const services = linkInit(plugin, context, problems, (_, pointId) => {
    const fields = { subject: plugin.subject, id: pointId };
    problems.push(new EngineError('GR_PLUGIN_NEEDS_EXTENSION_POINT', fields, addedAt(plugin)));
  });
  for (const twin of twins) problems.push(duplicate('GR_PLUGIN_DUPLICATE', plugin, twin));
  if (eager.length > 0) {
    const unseen = eager.filter(one => !services.some(known => known.id === one.id));
    context.graph.addFaultsBehind(unseen, plugin, problems, context.reached);
  }

  const points = planExtensionPoints(plugin, declaredModules, context.middleware, problems);
  const { modules, moduleOrder } = planModules(id, declaredModules, points, context, problems);
  return { id, declared: plugin, services, problems, modules, moduleOrder };
}

function skipModules(
  pluginId: string,
  modules: readonly Registered[],
  groups: ReadonlyMap<string, PluginGroup>,
): SkippedModules {
  const installed = [...groups].filter(([, group]) => group.plugins.length > 0).map(([id]) => id);
  const nearest = nearestId(pluginId, installed);
  return {
    pluginId,
    modules: modules.map(({ moduleId, subject, source }) => {
      const fields = { subject, source: String(source), pluginId, ...nearest };
      return { id: moduleId!, subject, reason: new EngineError('GR_MODULE_WITHOUT_PLUGIN', fields) };
    }),
  };
}

function asDependency(node: ServiceNode): ServiceDependency {
  return { name: node.id, id: node.id, multiton: false, providers: [node] };
}
