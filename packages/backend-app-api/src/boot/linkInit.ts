// Links what one init depends on to what provides it; the part of planning that plugins and modules share.
import { EngineError } from '../errors';
import type { ServiceDependency, ServiceGraph, ServiceNode } from '../services/serviceGraph';
import type { InternalExtensionPointFactoryMiddleware } from './createExtensionPointFactoryMiddleware';
import type { ExtensionPointIndex } from './planExtensionPoints';
import type { Registered } from './readRegistrations';

/** What a plugin's plan is made from. */
export interface PlanContext {
  readonly graph: ServiceGraph;
  readonly middleware: readonly InternalExtensionPointFactoryMiddleware[];
  /** Extension points of the whole backend, read only where one is missing. */
  readonly index: ExtensionPointIndex;
  /** Faulty services that some consumer leads to. */
  readonly reached: Set<ServiceNode>;
}

/**
 * Links the services that an init depends on, and pushes what is wrong with them to `problems`. Dependencies that are
 * extension points are handed to `onExtensionPoint`.
 */
export function linkInit(
  declared: Registered,
  { graph, reached }: PlanContext,
  problems: EngineError[],
  onExtensionPoint: (name: string, id: string) => void,
): readonly ServiceDependency[] {
  let services = none;
  if (declared.failure) problems.push(declared.failure);
  const { deps } = declared.init;
  for (const name in deps) {
    if (isExtensionPoint(deps[name])) {
      onExtensionPoint(name, deps[name]!.id);
      continue;
    }
    const dependency = graph.dependency(name, deps[name], declared);
    if (dependency instanceof EngineError) problems.push(dependency);
    else if (services === none) services = [dependency];
    else services.push(dependency);
  }
  graph.addFaultsBehind(services, declared, problems, reached);
  return services;
}

/** Shared by all inits that need no service. */
const none: ServiceDependency[] = [];

/** The error of an id that was added twice. */
export function duplicate(
  code: 'GR_PLUGIN_DUPLICATE' | 'GR_MODULE_DUPLICATE',
  first: Registered,
  second: Registered,
): EngineError {
  const sources = { first: String(first.source), second: String(second.source) };
  return new EngineError(code, { subject: first.subject, ...sources });
}

function isExtensionPoint(ref: { $$type?: string } | undefined): boolean {
  return ref?.$$type === '@backstage/ExtensionPoint';
}
