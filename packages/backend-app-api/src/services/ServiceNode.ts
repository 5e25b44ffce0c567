// One factory of a backend as a node: what provides which service, from what, and where its instances are kept.
import type { InternalServiceFactory } from '@greenroom/backend-plugin-api/internal';
import type { ServiceOrigin } from './selectFactories';

/** One factory, linked to those that provide what it depends on. */
export interface ServiceNode {
  readonly id: string;
  /** Where in a scope its instance is kept. */
  readonly slot: number;
  /** Whether it was asked for an instance in any scope. */
  isMade: boolean;
  readonly scope: 'root' | 'plugin';
  readonly origin: ServiceOrigin | 'engine';
  readonly source: { toString(): string };
  readonly factory: InternalServiceFactory;
  /** Created without being asked for: once for root services, once a plugin for the others. */
  readonly eager: boolean;
  readonly deps: ServiceDependency[];
  /** How far the search for cycles has come with it. */
  visit: 'new' | 'open' | 'done';
  /** Makes what `factory` receives beside its dependencies: a root instance of its own, whichever plugin asks first. */
  readonly rootContext?: ServiceNode;
  /** Whether this is such a context, which nobody depends on by its id. */
  readonly isContext?: boolean;
  /** Only on services of the engine itself: gives the instance for an owner. */
  readonly provide?: (owner: string) => unknown;
}

/** A dependency on a service, under the name by which the consumer receives it. */
export interface ServiceDependency {
  readonly name: string;
  readonly id: string;
  readonly multiton: boolean;
  readonly providers: readonly ServiceNode[];
}

/** Who depends on something, worded only if a message needs it. */
export interface Consumer {
  readonly subject: string;
  /** Where it was added. */
  readonly source?: { toString(): string };
}

/** Numbers the factories of a start, those of root and of plugin services apart. The same over all graphs of the start. */
export class Slots {
  readonly #root = new Map<InternalServiceFactory, number>();
  readonly #plugin = new Map<InternalServiceFactory, number>();

  of(factory: InternalServiceFactory, scope = factory.service.scope): number {
    const taken = scope === 'root' ? this.#root : this.#plugin;
    const slot = taken.get(factory) ?? taken.size;
    taken.set(factory, slot);
    return slot;
  }

  /** How many plugin services there may be in a scope. */
  get ofPlugin(): number {
    return this.#plugin.size;
  }
}

/** The node of a factory, with no dependencies yet. */
export function toNode(
  { factory, origin, source }: Pick<ServiceNode, 'factory' | 'origin' | 'source'>,
  slots: Slots,
): ServiceNode {
  // References of other makers may leave out what is the default.
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
    visit: 'new',
  };
  if (!factory.createRootContext) return node;
  const make = { ...factory, factory: (deps: Record<string, unknown>) => factory.createRootContext!(deps) };
  const slot = slots.of(factory, 'root');
  const rootContext: ServiceNode = {
    ...node,
    slot,
    scope: 'root',
    factory: make,
    deps: [],
    isContext: true,
  };
  return { ...node, rootContext };
}
