// Step 3, plan: pure and synchronous. Links the registrations and finds every problem that shows without running anything.
import { nearestId } from '@greenroom/backend-plugin-api/internal';
import { addedAt, EngineError } from '../errors';
import { faultsBehind } from '../services/markFaulty';
import type { ServiceGraph } from '../services/serviceGraph';
import type { ServiceDependency, ServiceNode } from '../services/ServiceNode';
import { ExtensionPoints } from './ExtensionPoints';
import { none, type Part } from './Part';
import { orderModules } from './orderModules';

/** Modules whose plugin is not installed: one entry in the result, with a failure on each module. */
export interface SkippedModules {
  readonly id: string;
  readonly status: 'skipped';
  readonly modules: readonly Part[];
}

/** How a backend will be started, as data. */
export interface BackendPlan {
  readonly plugins: readonly Part[];
  readonly byId: ReadonlyMap<string, Part>;
  readonly skipped: readonly SkippedModules[];
  readonly graph: ServiceGraph;
  /** Root services that are always created. */
  readonly eagerRoot: readonly ServiceNode[];
  /** Plugin services that are created for every plugin. */
  readonly eagerPlugin: readonly ServiceDependency[];
  /** Problems that belong to no plugin. */
  readonly problems: readonly EngineError[];
  /** Remarks of feature loaders on features that they took or left out. */
  readonly notes: ReadonlyArray<Error & { code: string }>;
}

/** The consumer of whatever no plugin in particular asks for. */
export const theBackend = { subject: 'the backend' };

export function planBackend(parts: readonly Part[], graph: ServiceGraph): Omit<BackendPlan, 'notes'> {
  const eager = graph.nodes.filter(node => node.eager);
  const eagerRoot = eager.filter(node => node.scope === 'root');
  const eagerPlugin = eager.filter(node => node.scope === 'plugin').map(asDependency);
  const planned = planParts(parts, graph, eagerPlugin);
  const rootFaults = faultsBehind(eagerRoot.map(asDependency), theBackend);
  const problems = [...rootFaults, ...graph.unreportedCycles()];
  return { ...planned, graph, eagerRoot, eagerPlugin, problems };
}

/** Attaches modules to their plugins and links all parts. */
export function planParts(
  parts: readonly Part[],
  graph: ServiceGraph,
  eager: readonly ServiceDependency[],
): Pick<BackendPlan, 'plugins' | 'byId' | 'skipped'> {
  const plugins = new Map<string, Part>();
  const homeless = new Map<string, Part[]>();
  const points = new ExtensionPoints();
  /** Problems of plugins that come after those of their own links. */
  const later: Array<[plugin: Part, problem: EngineError]> = [];
  /** Plugins whose modules may have to wait for each other. */
  const toOrder = new Set<Part>();

  for (let at = 0; at < parts.length; at++) {
    const part = parts[at]!;
    if (part.moduleId !== undefined) continue;
    const twin = plugins.get(part.pluginId);
    if (twin) later.push([twin, duplicate('GR_PLUGIN_DUPLICATE', twin, part)]);
    else {
      plugins.set(part.pluginId, part);
      if (part.extensionPoints.length > 0) points.add(part).forEach(problem => later.push([part, problem]));
    }
  }
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at]!;
    if (part.moduleId === undefined) continue;
    const plugin = plugins.get(part.pluginId);
    const registers = part.extensionPoints.length > 0;
    const problems = registers ? points.add(part) : none;
    if (plugin) {
      plugin.addModule(part);
      if (registers) toOrder.add(plugin);
      if (problems !== none) problems.forEach(problem => later.push([plugin, problem]));
    } else if (homeless.has(part.pluginId)) homeless.get(part.pluginId)!.push(part);
    else homeless.set(part.pluginId, [part]);
  }

  const isSound = graph.nodes.every(node => node.wiring === 'sound');
  const linked: Links = { graph, points, eager, isSound, services: none, refs: none };
  plugins.forEach(plugin => {
    if (plugin.modules.length > 1) dropTwins(plugin, later);
    linkPlugin(plugin, linked);
  });
  for (const [part, problem] of later) part.addProblem(problem);
  toOrder.forEach(orderModules);
  const skipped = [...homeless].map(([id, own]) => skip(id, own, plugins));
  return { plugins: [...plugins.values()], byId: plugins, skipped };
}

/** Keeps the first of several modules with the same id. */
function dropTwins(plugin: Part, problems: Array<[part: Part, problem: EngineError]>): void {
  const ids = new Set<string>();
  plugin.modules.forEach(({ moduleId }) => ids.add(moduleId!));
  if (ids.size === plugin.modules.length) return;
  const byId = new Map<string, Part>();
  for (let at = 0; at < plugin.modules.length; at++) {
    const module = plugin.modules[at]!;
    const twin = byId.get(module.id);
    if (twin) problems.push([twin, duplicate('GR_MODULE_DUPLICATE', twin, module)]);
    else byId.set(module.id, module);
  }
  plugin.modules = [...byId.values()];
}

interface Links {
  readonly graph: ServiceGraph;
  readonly points: ExtensionPoints;
  readonly eager: readonly ServiceDependency[];
  /** Whether no service is wired wrongly, which is the usual case. */
  readonly isSound: boolean;
  /** The dependencies of the last part that was linked, and their references. */
  services: readonly ServiceDependency[];
  refs: readonly unknown[];
}

function linkPlugin(plugin: Part, links: Links): void {
  link(plugin, links);
  for (let at = 0; at < plugin.modules.length; at++) link(plugin.modules[at]!, links);
  if (links.isSound) return;
  addFaults(plugin, [...plugin.services, ...links.eager]);
  for (const module of plugin.modules) addFaults(module, module.services);
}

/** Links the dependencies of an init. Thousands of plugins depend on the same few services, so they share one list. */
function link(part: Part, links: Links): void {
  const { deps } = part.init;
  let { refs, services } = links;
  let count = 0;
  for (const name in deps) {
    const ref = deps[name];
    if (services[count]?.name === name && refs[count] === ref) {
      count++;
      continue;
    }
    if (ref?.$$type === '@backstage/ExtensionPoint' && typeof ref.id === 'string') {
      linkExtensionPoint(part, name, ref.id, links.points);
      continue;
    }
    const dependency = links.graph.dependency(name, ref, part);
    if (dependency instanceof EngineError) part.addProblem(dependency);
    else {
      services = [...services.slice(0, count), dependency];
      refs = [...refs.slice(0, count), ref];
      count++;
    }
  }
  if (count === 0) return;
  if (services.length > count) services = services.slice(0, count);
  links.refs = refs;
  links.services = part.services = services;
}

function linkExtensionPoint(part: Part, name: string, id: string, points: ExtensionPoints): void {
  if (part.moduleId === undefined) {
    const fields = { subject: part.subject, id };
    part.addProblem(new EngineError('GR_PLUGIN_NEEDS_EXTENSION_POINT', fields, addedAt(part)));
    return;
  }
  const point = points.find(id, part.pluginId);
  if (!point) return part.addProblem(points.missing(part, id));
  if (point.use?.name !== name) point.use = { name, point };
  part.uses = part.uses === none ? [point.use] : [...part.uses, point.use];
}

function addFaults(part: Part, services: readonly ServiceDependency[]): void {
  for (const fault of faultsBehind(services, part)) part.addProblem(fault);
}

function skip(id: string, modules: readonly Part[], installed: ReadonlyMap<string, Part>): SkippedModules {
  const nearest = nearestId(id, installed.keys());
  for (const module of modules) {
    const fields = { subject: module.subject, source: String(module.source), pluginId: id, ...nearest };
    module.failure = { error: new EngineError('GR_MODULE_WITHOUT_PLUGIN', fields), allowed: true };
  }
  return { id, status: 'skipped', modules };
}

/** The error for an id that was added twice. */
function duplicate(
  code: 'GR_PLUGIN_DUPLICATE' | 'GR_MODULE_DUPLICATE',
  first: Part,
  second: Part,
): EngineError {
  const sources = { first: String(first.source), second: String(second.source) };
  return new EngineError(code, { subject: first.subject, ...sources });
}

function asDependency(node: ServiceNode): ServiceDependency {
  return { name: node.id, id: node.id, multiton: false, providers: [node] };
}
