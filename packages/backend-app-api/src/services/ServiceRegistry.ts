// Makes service instances: one resolve path, one slot a factory and owner, nothing awaited that is not a promise.
import type { SpanId, SpanRecorder } from '../report/SpanRecorder';
import { askable, EngineError, subject } from '../errors';
import { isPromise } from '../graph/isPromise';
import type { ServiceDependency, ServiceNode } from './ServiceNode';
import { ServiceFailure, ServiceScope } from './ServiceScope';

/** Stands for an instance that is `undefined`, which in a slot means that nothing was made. */
const NOTHING = Symbol('nothing');

/** So many services are made within one another; a longer chain goes on in another turn, as the stack has an end. */
const DEEPEST = 1_000;

/** Instances by the name under which the consumer receives them. */
export type Instances = Record<string, unknown>;
type Resolved = Instances | Promise<Instances>;

/** All service instances of one backend. */
export class ServiceRegistry {
  readonly root: ServiceScope;
  /** What goes on in scopes that are {@link forget}ten already, by owner. */
  readonly leaving = new Map<string, Promise<void>>();
  /** In which something may have to be closed, in the order in which they were asked for. */
  readonly scopes = new Set<ServiceScope>();
  /** By id, every node of which something was made: with feature loaders, more than one graph's. */
  readonly #made = new Map<string, ServiceNode[]>();
  /** The time at which the last service was made, as long as nothing else has run since: the next one begins then. */
  #sinceService: number | undefined;
  /** How many instances are being made that take time: where there are none, no instance is a promise. */
  #pending = 0;
  /** How many services are being made within one another at this moment. */
  #depth = 0;

  constructor(spans: SpanRecorder) {
    this.root = new ServiceScope('root', spans);
  }

  /** Makes the scope for an attempt at starting a plugin; `spans` records what is made in it, `slots` is how many services there may be. */
  scope(pluginId: string, spans: SpanRecorder, slots = 0): ServiceScope {
    const scope = new ServiceScope(pluginId, spans, slots);
    this.scopes.add(scope);
    return scope;
  }

  /**
   * Drops a plugin's scope with all its instances, before {@link scope} makes the next one. Whoever stops the
   * backend before `closed` resolves waits for it.
   */
  async forget(scope: ServiceScope, closed: Promise<void>): Promise<void> {
    const { owner } = scope;
    this.scopes.delete(scope);
    this.leaving.set(owner, closed);
    await closed;
    this.leaving.delete(owner);
  }

  /** Lets what failed in the root be tried again: it may have failed for a reason that passes. */
  forgetRootFailures(): void {
    this.root.failures = undefined;
  }

  /** Called when a plugin is up: of its instances, the engine only uses the lifecycle again. */
  release(scope: ServiceScope): void {
    const lifecycles = this.#made.get('core.lifecycle');
    if (lifecycles) scope.release(lifecycles.map(({ slot }) => slot));
    else this.scopes.delete(scope);
  }

  /**
   * The instances for a consumer's dependencies; a promise of them only where one of them is not there yet.
   * Throws, or rejects with, a {@link ServiceFailure}.
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
        // Most are there already.
        if (instance === undefined || instance === NOTHING) instance = this.#instance(node, scope, parent);
      }
      // Set before it is known, so that the order of the keys is that of the dependencies.
      instances[dep.name] = instance;
      if (this.#pending > 0 && isPromise(instance)) {
        for (const node of dep.providers) this.#noteWait(node, scope, parent);
        (names ??= []).push(dep.name);
        (pending ??= []).push(instance);
      }
    }
    return pending ? filledIn(instances, names!, pending) : instances;
  }

  /** Two consumers share what is still being made: the second one waits for a span that is not within its own. */
  #noteWait(node: ServiceNode, scope: ServiceScope, parent: SpanId): void {
    const home = node.scope === 'root' ? this.root : scope;
    const maker = home.making?.get(node.slot);
    if (maker !== undefined && home.spans === scope.spans) scope.spans.waitsFor(parent, maker);
  }

  /** The instances of a multiton that `scope` sees. */
  #list({ providers }: ServiceDependency, scope: ServiceScope, parent: SpanId): unknown {
    const instances = providers.map(node => this.#instance(node, scope, parent));
    return instances.some(isPromise) ? observed(Promise.all(instances)) : instances;
  }

  /** The instance of one factory that `scope` sees, made at the first call. */
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
    // What the engine itself provides takes no time worth a span.
    if (node.provide) return (home.instances[node.slot] = node.provide(home.owner));
    // A root service may be asked for by an attempt that keeps a record of its own.
    const container = home.spans === scope.spans ? parent : home.spans.whole;
    return this.#create(node, home, container);
  }

  /** The instance of a service if it has been made, without making it: whichever factory made it. */
  made(id: string, scope: ServiceScope): unknown {
    const nodes = this.#made.get(id);
    if (!nodes) return undefined;
    const found = nodes.find(({ slot, scope: kind }) => {
      const known = scope.instances[slot];
      if (known === undefined || known === NOTHING || scope.making?.has(slot)) return false;
      return (kind === 'root') === (scope === this.root);
    });
    return found && scope.instances[found.slot];
  }

  /** The root services that were made, or are being made. */
  get rootNodes(): ServiceNode[] {
    return [...this.#made.values()].flat().filter(node => node.scope === 'root');
  }

  #remember(node: ServiceNode): void {
    node.isMade = true;
    const known = this.#made.get(node.id);
    if (known) known.push(node);
    else this.#made.set(node.id, [node]);
  }

  #create(node: ServiceNode, home: ServiceScope, parent: SpanId): unknown {
    const { spans } = home;
    if (!node.isMade && !node.isContext) this.#remember(node);
    // A context is within the span of the service that it is for.
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

  // Apart from #create, because most instances are there at once and closures cost something. Not all that has `then` is a promise.
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

/** What waited for its dependencies while the backend was stopped is not to open anything any more. */
function closedError({ id }: ServiceNode): EngineError {
  return new EngineError('GR_START_ABORTED', { subject: subject('service', id) });
}

/** Its failure is kept for whoever asks; that at this moment nobody may listen, because another one failed first, is no fault. */
function observed<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
