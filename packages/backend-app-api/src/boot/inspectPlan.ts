// Shows a plan as plain data: who provides what, who consumes it, what waits for what. The same for the same features, in whatever order they were added.
import { subject } from '../errors';
import type { ServiceNode } from '../services/ServiceNode';
import type { Part } from './Part';
import type { BackendPlan } from './planBackend';

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

/** One link of the plan. Both ends are in words: `plugin 'catalog'`, `service 'core.logger'`. */
export interface InspectedEdge {
  from: string;
  to: string;
  /** A service or an extension point is used, an extension point is provided, or another module is waited for. */
  kind: 'uses' | 'provides' | 'waitsFor';
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
  /** Everything above that points from one to another, once. */
  edges: InspectedEdge[];
}

/** Pure: reads nothing but the plan. */
export function inspectPlan({ plugins, skipped, graph }: BackendPlan): BackendInspection {
  const edges = edgesOf(graph.nodes, plugins);
  const consumers = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const known = consumers.get(to);
    if (known) known.push(from);
    else consumers.set(to, [from]);
  }
  return {
    plugins: plugins.map(inspectPlugin).sort(by('pluginId')),
    skipped: skipped
      .flatMap(({ modules }) => modules.map(({ pluginId, id }) => ({ pluginId, moduleId: id })))
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
          consumedBy: consumers.get(subject('service', id)) ?? [],
        };
      })
      .sort(by('id', 'source')),
    edges,
  };
}

function inspectPlugin({
  pluginId,
  source,
  services,
  provides,
  modules,
  moduleOrder,
}: Part): InspectedPlugin {
  return {
    pluginId,
    source: String(source),
    services: idsOf(services),
    provides: idsOf(provides),
    modules: modules
      .map((module, at): InspectedModule => {
        const waitsFor = (moduleOrder?.[at] ?? []).map(other => modules[other]!.id);
        return {
          moduleId: module.id,
          source: String(module.source),
          services: idsOf(module.services),
          consumes: module.uses.map(({ point }) => point.id).sort(),
          provides: idsOf(module.provides),
          waitsFor: [...new Set(waitsFor)].sort(),
        };
      })
      .sort(by('moduleId')),
  };
}

function edgesOf(nodes: readonly ServiceNode[], plugins: readonly Part[]): InspectedEdge[] {
  const edges = new Map<string, InspectedEdge>();
  const add = (from: string, kind: InspectedEdge['kind'], to: readonly string[]) => {
    for (const one of to) edges.set(`${from} ${kind} ${one}`, { from, to: one, kind });
  };
  const services = (deps: readonly { id: string }[]) => deps.map(({ id }) => subject('service', id));
  const points = (own: readonly { id: string }[]) => own.map(({ id }) => subject('extension point', id));
  for (const { id, deps } of nodes) add(subject('service', id), 'uses', services(deps));
  for (const plugin of plugins) {
    for (const part of [plugin, ...plugin.modules]) {
      add(part.subject, 'uses', services(part.services));
      add(part.subject, 'uses', points(part.uses.map(({ point }) => point)));
      add(part.subject, 'provides', points(part.provides));
    }
    plugin.moduleOrder?.forEach((others, at) => {
      const waitsFor = others.map(other => plugin.modules[other]!.subject);
      add(plugin.modules[at]!.subject, 'waitsFor', waitsFor);
    });
  }
  return [...edges.values()].sort(by('from', 'to', 'kind'));
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
