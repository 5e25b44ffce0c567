// A service factory as a node of the graph.
import type { InternalServiceFactory } from '@greenroom/backend-plugin-api/internal';
import type { EngineError } from '../errors';
import type { ServiceOrigin } from './selectFactories';

/** One factory, linked to the providers of its dependencies. */
export interface ServiceNode {
  readonly id: string;
  /** The index of its instance in a scope. */
  readonly slot: number;
  /** Whether an instance was requested in any scope. */
  isMade: boolean;
  readonly scope: 'root' | 'plugin';
  readonly origin: ServiceOrigin | 'engine';
  readonly source: { toString(): string };
  readonly factory: InternalServiceFactory;
  /** Whether it is created without being requested: root services once, plugin services once per plugin. */
  readonly eager: boolean;
  readonly deps: ServiceDependency[];
  /** What is wrong with its own wiring. */
  readonly faults: Fault[];
  /** `faulty` if it has faults, or one of its direct or indirect dependencies; `open` while these are looked at. */
  wiring: 'new' | 'open' | 'sound' | 'faulty';
  /** Whether a consumer that leads to it has reported its faults. */
  isReported: boolean;
  /** Makes the second argument of `factory`: one root instance, whichever plugin asks first. */
  readonly rootContext?: ServiceNode;
  /** Whether this node is such a context, which nobody depends on by id. */
  readonly isContext?: boolean;
  /** Only for the engine's own services: returns the instance for an owner. */
  readonly provide?: (owner: string) => unknown;
}

/** How a faulty service was reached, and where its factory comes from. */
export interface FaultSite {
  readonly path?: readonly string[];
  readonly place?: string;
}

/** Something wrong with a service, worded once the path to it is known. */
export type Fault = (where: FaultSite) => EngineError;

/** A dependency on a service, with the name under which the consumer receives it. */
export interface ServiceDependency {
  readonly name: string;
  readonly id: string;
  readonly multiton: boolean;
  readonly providers: readonly ServiceNode[];
}

/** Whoever depends on something; worded only if a message needs it. */
export interface Consumer {
  readonly subject: string;
  /** Where it was added. */
  readonly source?: { toString(): string };
}

/** Numbers the root and the plugin factories of a start, consistently across all graphs. */
export class Slots {
  readonly #root = new Map<InternalServiceFactory, number>();
  readonly #plugin = new Map<InternalServiceFactory, number>();

  of(factory: InternalServiceFactory, scope = factory.service.scope): number {
    const taken = scope === 'root' ? this.#root : this.#plugin;
    const slot = taken.get(factory) ?? taken.size;
    taken.set(factory, slot);
    return slot;
  }

  /** The maximum number of plugin services in a scope. */
  get ofPlugin(): number {
    return this.#plugin.size;
  }
}

/** Makes the node of a factory, not yet linked. */
export function toNode(
  { factory, origin, source }: Pick<ServiceNode, 'factory' | 'origin' | 'source'>,
  slots: Slots,
): ServiceNode {
  // References from other implementations may omit defaults.
  const { id, scope = 'plugin' } = factory.service;
  const node: ServiceNode = {
    id,
    slot: slots.of(factory),
    isMade: false,
    scope,
    origin,
    source,
    factory,
    eager: factory.initialization ? factory.initialization === 'always' : scope === 'root',
    deps: [],
    faults: [],
    wiring: 'new',
    isReported: false,
  };
  if (!factory.createRootContext) return node;
  const make: InternalServiceFactory['factory'] = deps => factory.createRootContext!(deps);
  const context = { scope: 'root', slot: slots.of(factory, 'root'), isContext: true } as const;
  return { ...node, rootContext: { ...node, ...context, factory: { ...factory, factory: make }, deps: [] } };
}
