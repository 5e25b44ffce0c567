// Turns a plan into plain data: who provides, consumes and waits for what. Independent of the order in which features were added.
import { subject } from '../errors';
import type { ServiceNode } from '../services/ServiceNode';
import type { Part } from './Part';
import type { BackendPlan } from './planBackend';

/** A service that the backend provides. */
export interface InspectedService {
  id: string;
  scope: 'root' | 'plugin';
  /** Where its factory was given. */
  origin: 'added' | 'services' | 'environment' | 'loader' | 'default' | 'reference' | 'engine';
  /** The same more precisely, such as file and line of `backend.add`. */
  source: string;
  initialization: 'always' | 'lazy';
  /** Ids of services. */
  dependsOn: string[];
  /** Services, plugins and modules, in words. */
  consumedBy: string[];
}

/** A module of an installed plugin. */
export interface InspectedModule {
  moduleId: string;
  source: string;
  services: string[];
  /** Ids of the extension points that it consumes. */
  consumes: string[];
  /** Ids of the extension points that it registers. */
  provides: string[];
  /** Ids of the modules that start before it. */
  waitsFor: string[];
}

/** An installed plugin. */
export interface InspectedPlugin {
  pluginId: string;
  source: string;
  services: string[];
  /** Ids of the extension points that the plugin itself registers. */
  provides: string[];
  modules: InspectedModule[];
}

/** One link of the plan. Both ends are in words: `plugin 'catalog'`, `service 'core.logger'`. */
export interface InspectedEdge {
  from: string;
  to: string;
  /** `uses` a service or an extension point, `provides` an extension point, `waitsFor` another module. */
  kind: 'uses' | 'provides' | 'waitsFor';
}

/**
 * A backend's plan, as plain data that survives JSON. All lists are sorted, and of ids where nothing else is said.
 */
export interface BackendInspection {
  plugins: InspectedPlugin[];
  /** Modules whose plugin is not installed. */
  skipped: Array<{ pluginId: string; moduleId: string }>;
  services: InspectedService[];
  /** All references between the above, each once. */
  edges: InspectedEdge[];
}

/** Pure: depends on the plan only. */
export function inspectPlan({ plugins, skipped, graph }: BackendPlan): BackendInspection {
  const edges = edgesOf(graph.nodes, plugins);
  const consumers = new Map(edges.map(({ to }) => [to, [] as string[]]));
  for (const { from, to } of edges) consumers.get(to)!.push(from);
  return {
    plugins: plugins.map(inspectPlugin).sort(by('pluginId')),
    skipped: skipped
      .flatMap(({ modules }) => modules.map(({ pluginId, id }) => ({ pluginId, moduleId: id })))
      .sort(by('pluginId', 'moduleId')),
    services: graph.nodes
      .map(({ id, scope, origin, source, eager, deps }): InspectedService => {
        const initialization = eager ? 'always' : 'lazy';
        const consumedBy = consumers.get(subject('service', id)) ?? [];
        return { id, scope, origin, source: `${source}`, initialization, dependsOn: idsOf(deps), consumedBy };
      })
      .sort(by('id', 'source', 'initialization', 'dependsOn', 'consumedBy')),
    edges,
  };
}

function inspectPlugin(plugin: Part): InspectedPlugin {
  const inspectModule = (module: Part): InspectedModule => ({
    moduleId: module.id,
    source: String(module.source),
    services: idsOf(module.services),
    consumes: idsOf(module.uses.map(({ point }) => point)),
    provides: idsOf(module.provides),
    waitsFor: idsOf(awaitedBy(module)),
  });
  return {
    pluginId: plugin.pluginId,
    source: String(plugin.source),
    services: idsOf(plugin.services),
    provides: idsOf(plugin.provides),
    modules: plugin.modules.map(inspectModule).sort(by('moduleId')),
  };
}

/** The modules that start before this one; none for a plugin. */
function awaitedBy(part: Part): Part[] {
  const { modules, moduleOrder } = part.plugin;
  return (moduleOrder?.[modules.indexOf(part)] ?? []).map(other => modules[other]!);
}

function edgesOf(nodes: readonly ServiceNode[], plugins: readonly Part[]): InspectedEdge[] {
  const edges = new Map<string, InspectedEdge>();
  const add = (from: string, kind: InspectedEdge['kind'], to: readonly string[]) => {
    for (const one of to) edges.set(`${from} ${kind} ${one}`, { from, to: one, kind });
  };
  const words = (kind: 'service' | 'extension point', ids: readonly { id: string }[]) =>
    ids.map(({ id }) => subject(kind, id));
  for (const { id, deps } of nodes) add(subject('service', id), 'uses', words('service', deps));
  for (const plugin of plugins) {
    for (const part of [plugin, ...plugin.modules]) {
      const points = part.uses.map(({ point }) => point);
      add(part.subject, 'uses', [...words('service', part.services), ...words('extension point', points)]);
      add(part.subject, 'provides', words('extension point', part.provides));
      const awaited = awaitedBy(part).map(other => other.subject);
      add(part.subject, 'waitsFor', awaited);
    }
  }
  return [...edges.values()].sort(by('from', 'to', 'kind'));
}

function idsOf(named: readonly { id: string }[]): string[] {
  return [...new Set(named.map(({ id }) => id))].sort();
}

function by<K extends string>(...keys: K[]): (a: Record<K, unknown>, b: Record<K, unknown>) => number {
  return (a, b) => {
    const key = keys.find(one => String(a[one]) !== String(b[one]));
    if (key === undefined) return 0;
    return String(a[key]) < String(b[key]) ? -1 : 1;
  };
}
