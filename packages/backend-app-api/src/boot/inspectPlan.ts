// Shows a plan as plain data: who provides what, who consumes it, what waits for what. The same for the same features, in whatever order they were added.
import type { ServiceNode } from '../services/serviceGraph';
import type { BackendPlan, ModulePlan, PluginPlan } from './BackendPlan';

/** A service that a backend provides. */
export interface InspectedService {
  id: string;
  scope: 'root' | 'plugin';
  /** How its factory came in. */
  origin: 'added' | 'services' | 'environment' | 'loader' | 'default' | 'reference' | 'engine';
  source: string;
  initialization: 'always' | 'lazy';
  /** Ids of services, sorted. */
  dependsOn: string[];
  /** In words, sorted: services, plugins and modules. */
  consumedBy: string[];
}

/** A module of an installed plugin. */
export interface InspectedModule {
  moduleId: string;
  source: string;
  /** Ids, sorted. */
  services: string[];
  /** Ids of the extension points it uses, sorted. */
  consumes: string[];
  /** Ids of the extension points it registers, sorted. */
  provides: string[];
  /** Ids of the modules that are started before it, sorted. */
  waitsFor: string[];
}

/** An installed plugin. */
export interface InspectedPlugin {
  pluginId: string;
  source: string;
  /** Ids, sorted. */
  services: string[];
  /** Ids of the extension points that the plugin itself registers, sorted. */
  provides: string[];
  modules: InspectedModule[];
}

/**
 * A backend's plan, as plain data that survives JSON. All lists are sorted.
 *
 * @public
 */
export interface BackendInspection {
  plugins: InspectedPlugin[];
  /** Modules whose plugin is not installed. */
  skipped: Array<{ pluginId: string; moduleId: string }>;
  services: InspectedService[];
}

/** Pure: reads nothing but the plan. */
export function inspectPlan({ plugins, skipped, graph }: BackendPlan): BackendInspection {
  const consumers = consumersOf(graph.nodes, plugins);
  return {
    plugins: plugins.map(inspectPlugin).sort(by('pluginId')),
    skipped: skipped
      .flatMap(({ pluginId, modules }) => modules.map(({ id }) => ({ pluginId, moduleId: id })))
      .sort(by('pluginId', 'moduleId')),
    services: graph.nodes
      .map((node): InspectedService => {
        const { id, scope, origin, source, eager, deps } = node;
        return {
          id,
          scope,
          origin,
          source: String(source),
          initialization: eager ? 'always' : 'lazy',
          dependsOn: idsOf(deps),
          consumedBy: [...(consumers.get(id) ?? [])].sort(),
        };
      })
      .sort(by('id', 'source')),
  };
}

function inspectPlugin({ id, declared, services, modules, moduleOrder }: PluginPlan): InspectedPlugin {
  return {
    pluginId: id,
    source: String(declared.source),
    services: idsOf(services),
    provides: pointIds(declared),
    modules: modules
      .map((module, at): InspectedModule => {
        const waitsFor = (moduleOrder?.[at] ?? []).map(other => modules[other]!.id);
        return {
          moduleId: module.id,
          source: String(module.declared.source),
          services: idsOf(module.services),
          consumes: module.extensionPoints.map(({ point }) => point.id).sort(),
          provides: pointIds(module.declared),
          waitsFor: [...new Set(waitsFor)].sort(),
        };
      })
      .sort(by('moduleId')),
  };
}

function consumersOf(
  nodes: readonly ServiceNode[],
  plugins: readonly PluginPlan[],
): Map<string, Set<string>> {
  const consumers = new Map<string, Set<string>>();
  const note = (consumer: string, ids: readonly { id: string }[]) => {
    for (const { id } of ids) {
      const known = consumers.get(id);
      if (known) known.add(consumer);
      else consumers.set(id, new Set([consumer]));
    }
  };
  for (const node of nodes) note(`service '${node.id}'`, node.deps);
  for (const plugin of plugins) {
    note(plugin.declared.subject, plugin.services);
    for (const module of plugin.modules) note(module.declared.subject, module.services);
  }
  return consumers;
}

function pointIds({ extensionPoints }: ModulePlan['declared']): string[] {
  return extensionPoints.map(({ extensionPoint }) => extensionPoint.id).sort();
}

function idsOf(deps: readonly { id: string }[]): string[] {
  return [...new Set(deps.map(({ id }) => id))].sort();
}

function by<K extends string>(...keys: K[]): (a: Record<K, string>, b: Record<K, string>) => number {
  return (a, b) => {
    const key = keys.find(one => a[one] !== b[one]);
    if (key === undefined) return 0;
    return a[key] < b[key] ? -1 : 1;
  };
}
