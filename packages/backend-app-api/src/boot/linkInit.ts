// Links what one init depends on to what provides it; the part of planning that plugins and modules share.
import { EngineError } from '../errors';
import type { ServiceDependency, ServiceGraph, ServiceNode } from '../services/serviceGraph';
import type { InitPlan } from './BackendPlan';
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

/** An init whose services are linked; `foreign` names the dependencies that are extension points. */
export interface LinkedInit extends InitPlan {
  readonly problems: EngineError[];
  readonly foreign: readonly string[];
}

/** Links the services that an init depends on, and finds what is wrong with them. */
export function linkInit(declared: Registered, { graph, reached }: PlanContext): LinkedInit {
  const services: ServiceDependency[] = [];
  const problems: EngineError[] = declared.failure ? [declared.failure] : [];
  const foreign: string[] = [];
  const { deps } = declared.init;
  for (const name in deps) {
    if (isExtensionPoint(deps[name])) {
      foreign.push(name);
      continue;
    }
    const dependency = graph.dependency(name, deps[name], declared.subject);
    if (dependency instanceof EngineError) problems.push(dependency);
    else services.push(dependency);
  }
  problems.push(...graph.faultsBehind(services, declared.subject, reached));
  return { subject: declared.subject, declared, services, problems, foreign };
}

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
