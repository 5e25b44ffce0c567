// Makes all service instances: one code path, one slot per factory and owner, and plain values are never awaited.
import type { SpanId, SpanRecorder } from '../report/SpanRecorder';
import { askable, EngineError, subject } from '../errors';
import { isPromise } from '../graph/isPromise';
import type { ServiceDependency, ServiceNode } from './ServiceNode';
import { ServiceFailure, ServiceScope } from './ServiceScope';

/** Stands for an instance that is `undefined`, because an `undefined` slot means that nothing was made. */
const NOTHING = Symbol('nothing');

/** The maximum depth of nested creation; a longer chain continues in another turn, because the call stack is limited. */
const DEEPEST = 1_000;

/** Instances, under the names by which the consumer receives them. */
export type Instances = Record<string, unknown>;
type Resolved = Instances | Promise<Instances>;

export class ServiceRegistry {
  readonly root: ServiceScope;
  /** Scopes that may have something to close, in the order in which they were requested. */
  readonly scopes = new Set<ServiceScope>();
  /** By id, every node of which an instance was made; feature loaders may lead to nodes of several graphs. */
  readonly #made = new Map<string, ServiceNode[]>();
  /** When the last service was made, if nothing else has run since: the next one begins at the same time. */
  #sinceService: number | undefined;
  /** The number of instances being made asynchronously. While it is zero, no instance is a promise. */
  #pending = 0;
  #depth = 0;

  constructor(spans: SpanRecorder) {
    this.root = new ServiceScope('root', spans);
  }

  /** Creates the scope for an attempt at a plugin. `spans` records what is made in it, of at most `slots` services. */
  scope(pluginId: string, spans: SpanRecorder, slots = 0): ServiceScope {
    const scope = new ServiceScope(pluginId, spans, slots);
    this.scopes.add(scope);
    return scope;
  }

  /**
   * Drops a plugin's scope with all its instances, before {@link scope} creates the next one. A stop of the backend
   * waits for `leaving`.
   */
  async forget(scope: ServiceScope, leaving: Promise<void>): Promise<void> {
    scope.leaving = leaving;
    await leaving;
    this.scopes.delete(scope);
  }

  /** Called when a plugin is up. Of its instances, the engine needs only the lifecycle again. */
  release(scope: ServiceScope): void {
    const lifecycles = this.#made.get('core.lifecycle');
    if (lifecycles) scope.release(lifecycles.map(({ slot }) => slot));
    else this.scopes.delete(scope);
  }

  /**
   * The instances for a consumer's dependencies; a promise only if one of them is not there yet. Throws or rejects
   * with a {@link ServiceFailure}.
   */
  resolveAll(deps: readonly ServiceDependency[], scope: ServiceScope, parent: SpanId): Resolved {
    this.#sinceService = undefined;
    this.#depth = 0;
    return this.#resolveAll(deps, scope, parent);
  }

  #resolveAll(deps: readonly ServiceDependency[], scope: ServiceScope, parent: SpanId): Resolved {
    const instances: Instances = {};
    let names: string[] | undefined;
    let pending: Promise<unknown>[] | undefined;
    for (let at = 0; at < deps.length; at++) {
      const dep = deps[at]!;
      let instance: unknown;
      if (dep.multiton) instance = this.#list(dep, scope, parent);
      else {
        const node = dep.providers[0]!;
        instance = (node.scope === 'root' ? this.root : scope).instances[node.slot];
        // Most exist already.
        if (instance === undefined || instance === NOTHING) instance = this.#instance(node, scope, parent);
      }
      // Set before the instance is known, so that the keys keep the order of the dependencies.
      instances[dep.name] = instance;
      if (this.#pending > 0 && isPromise(instance)) {
        for (const node of dep.providers) this.#noteWait(node, scope, parent);
        (names ??= []).push(dep.name);
        (pending ??= []).push(instance);
      }
    }
    return pending ? filledIn(instances, names!, pending) : instances;
  }

  /** Two consumers share an instance in the making: the second one waits for a span outside of its own. */
  #noteWait(node: ServiceNode, scope: ServiceScope, parent: SpanId): void {
    const home = node.scope === 'root' ? this.root : scope;
    const maker = home.making?.get(node.slot);
    if (maker !== undefined && home.spans === scope.spans) scope.spans.waitsFor(parent, maker);
  }

  /** The instances of a multiton as seen from `scope`. */
  #list({ providers }: ServiceDependency, scope: ServiceScope, parent: SpanId): unknown {
    const instances = providers.map(node => this.#instance(node, scope, parent));
    return instances.some(isPromise) ? observed(Promise.all(instances)) : instances;
  }

  /** The instance of one factory as seen from `scope`, made on the first call. */
  instance(node: ServiceNode, scope: ServiceScope, parent: SpanId): unknown {
    this.#sinceService = undefined;
    this.#depth = 0;
    return this.#instance(node, scope, parent);
  }

  #instance(node: ServiceNode, scope: ServiceScope, parent: SpanId): unknown {
    const home = node.scope === 'root' ? this.root : scope;
    const known = home.instances[node.slot];
    if (known !== undefined) return known === NOTHING ? undefined : known;
    const failure = home.failures?.get(node.slot);
    if (failure) throw failure;
    // The engine's own services take too little time for a span.
    if (node.provide) return (home.instances[node.slot] = node.provide(home.owner));
    // A root service may be requested by a retry, which records its own spans.
    const container = home.spans === scope.spans ? parent : home.spans.whole;
    return this.#create(node, home, container);
  }

  /** The instance of a service, whichever factory made it, if it has been made. Does not make it. */
  made(id: string, scope: ServiceScope): unknown {
    const found = this.#made.get(id)?.find(({ slot, scope: kind }) => {
      const known = scope.instances[slot];
      if (known === undefined || known === NOTHING || scope.making?.has(slot)) return false;
      return (kind === 'root') === (scope === this.root);
    });
    return found && scope.instances[found.slot];
  }

  /** The root services that were made or are being made. */
  get rootNodes(): ServiceNode[] {
    return [...this.#made.values()].flat().filter(node => node.scope === 'root');
  }

  #create(node: ServiceNode, home: ServiceScope, parent: SpanId): unknown {
    const { spans } = home;
    if (!node.isMade && !node.isContext) {
      node.isMade = true;
      this.#made.set(node.id, [...(this.#made.get(node.id) ?? []), node]);
    }
    // A context is part of the span of its service.
    const span = node.isContext
      ? parent
      : spans.begin('service', node.id, home.owner, parent, this.#sinceService);
    try {
      if (home.closed) throw closedError(node);
      const context = node.rootContext && this.#instance(node.rootContext, home, span);
      if (this.#pending > 0 && isPromise(context)) this.#noteWait(node.rootContext!, home, span);
      const deps =
        ++this.#depth > DEEPEST
          ? Promise.resolve().then(() => this.resolveAll(node.deps, home, span))
          : this.#resolveAll(node.deps, home, span);
      this.#depth--;
      const isLater = deps instanceof Promise || (this.#pending > 0 && isPromise(context));
      this.#sinceService = undefined;
      const made = isLater
        ? makeLater(node, home, deps, context)
        : node.factory.factory(deps as Instances, context);
      if (isPromise(made)) return this.#await(made, node, home, span);
      if (!node.isContext) this.#sinceService = spans.end(span);
      home.instances[node.slot] = made === undefined ? NOTHING : made;
      return made;
    } catch (error) {
      throw this.#fail(node, home, span, error);
    }
  }

  // Separate from #create, because most instances are made synchronously and closures cost time. Not every thenable is a promise.
  #await(made: PromiseLike<unknown>, node: ServiceNode, home: ServiceScope, span: SpanId): unknown {
    const { instances, spans } = home;
    const open = (home.making ??= new Map());
    open.set(node.slot, span);
    this.#pending++;
    const making = Promise.resolve(made).then(
      instance => {
        if (!node.isContext) spans.end(span);
        open.delete(node.slot);
        this.#pending--;
        instances[node.slot] = instance === undefined ? NOTHING : instance;
        return instance;
      },
      error => {
        throw this.#fail(node, home, span, error);
      },
    );
    instances[node.slot] = making;
    return observed(making);
  }

  #fail(node: ServiceNode, home: ServiceScope, span: SpanId, thrown: unknown): ServiceFailure {
    const error = askable(thrown);
    if (!node.isContext) home.spans.end(span);
    if (home.making?.delete(node.slot)) this.#pending--;
    const id = node.isContext ? undefined : node.id;
    const inner = error instanceof ServiceFailure ? error : undefined;
    const failure = new ServiceFailure(id, inner ? inner.cause : error, inner);
    home.instances[node.slot] = undefined;
    (home.failures ??= new Map()).set(node.slot, failure);
    return failure;
  }
}

async function filledIn(instances: Instances, names: readonly string[], pending: Promise<unknown>[]) {
  const made = await Promise.all(pending);
  names.forEach((name, at) => (instances[name] = made[at]));
  return instances;
}

async function makeLater(node: ServiceNode, home: ServiceScope, deps: unknown, context: unknown) {
  const [ready, made] = await Promise.all([deps as Instances, context]);
  if (home.closed) throw closedError(node);
  return node.factory.factory(ready, made);
}

/** Whatever waited for dependencies while the backend was stopped must not open anything any more. */
function closedError({ id }: ServiceNode): EngineError {
  return new EngineError('GR_START_ABORTED', { subject: subject('service', id) });
}

/** The failure is kept for later requests, so an unhandled rejection at this moment is not a fault. */
function observed<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
