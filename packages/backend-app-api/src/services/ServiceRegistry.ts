// Makes service instances: one resolve path, one memo table keyed by factory and owner, nothing awaited that is not a promise.
import type { InternalServiceFactory } from '@greenroom/backend-plugin-api/internal';
import type { SpanId, SpanRecorder } from '../report/SpanRecorder';
import { reasonOf } from '../errors';
import { isPromise } from '../graph/isPromise';
import type { ServiceDependency, ServiceNode } from './serviceGraph';

/** The instances of one owner, a plugin or the root, by factory: an instance, a promise while it is made, or its failure. */
export class ServiceScope {
  readonly instances = new Map<InternalServiceFactory, unknown>();

  constructor(readonly owner: string) {}
}

/** Why a service could not be made, and by which services it was reached, outermost first. */
export class ServiceFailure {
  constructor(
    readonly ids: readonly string[],
    readonly cause: unknown,
  ) {}

  get message(): string {
    return reasonOf(this.cause);
  }
}

type Instances = Record<string, unknown>;

/** All service instances of one backend. */
export class ServiceRegistry {
  readonly root = new ServiceScope('root');
  readonly #scopes = new Map<string, ServiceScope>();
  readonly #contexts = new Map<InternalServiceFactory, unknown>();
  readonly #spans: SpanRecorder;

  constructor(spans: SpanRecorder) {
    this.#spans = spans;
  }

  /** The scope of a plugin, made at the first call. */
  scope(pluginId: string): ServiceScope {
    let scope = this.#scopes.get(pluginId);
    if (!scope) this.#scopes.set(pluginId, (scope = new ServiceScope(pluginId)));
    return scope;
  }

  /** Drops a plugin's scope with all its instances: the next call of {@link scope} makes a new one. */
  forget({ owner }: ServiceScope): void {
    this.#scopes.delete(owner);
  }

  /** The scopes that were asked for, in that order. */
  get scopes(): Iterable<ServiceScope> {
    return this.#scopes.values();
  }

  /**
   * The instances for a consumer's dependencies; a promise of them only where one of them is not there yet.
   * Throws, or rejects with, a {@link ServiceFailure}.
   */
  resolveAll(
    deps: readonly ServiceDependency[],
    scope: ServiceScope,
    parent: SpanId,
  ): Instances | Promise<Instances> {
    const instances: Instances = {};
    let names: string[] | undefined;
    let pending: Promise<unknown>[] | undefined;
    for (const dep of deps) {
      const instance = this.resolve(dep, scope, parent);
      // Set before it is known, so that the order of the keys is that of the dependencies.
      instances[dep.name] = instance;
      if (isPromise(instance)) {
        (names ??= []).push(dep.name);
        (pending ??= []).push(instance);
      }
    }
    if (!pending) return instances;
    return Promise.all(pending).then(made => {
      names!.forEach((name, at) => (instances[name] = made[at]));
      return instances;
    });
  }

  /** The instance, or for a multiton the list of instances, that `scope` sees. */
  resolve(dep: ServiceDependency, scope: ServiceScope, parent: SpanId): unknown {
    if (!dep.multiton) return this.instance(dep.providers[0]!, scope, parent);
    const instances = dep.providers.map(node => this.instance(node, scope, parent));
    return instances.some(isPromise) ? observed(Promise.all(instances)) : instances;
  }

  /** The instance of one factory that `scope` sees, made at the first call. */
  instance(node: ServiceNode, scope: ServiceScope, parent: SpanId): unknown {
    const home = node.scope === 'root' ? this.root : scope;
    const known = home.instances.get(node.factory);
    if (known instanceof ServiceFailure) throw known;
    if (known !== undefined || home.instances.has(node.factory)) return known;
    return this.#create(node, home, parent);
  }

  /** The instance if it has been made, without making it. */
  existing(node: ServiceNode | undefined, scope: ServiceScope): unknown {
    const known = node && (node.scope === 'root' ? this.root : scope).instances.get(node.factory);
    return isPromise(known) || known instanceof ServiceFailure ? undefined : known;
  }

  #create(node: ServiceNode, home: ServiceScope, parent: SpanId): unknown {
    const span = this.#spans.begin('service', node.id, home.owner, parent);
    const { instances } = home;
    try {
      const made = this.#make(node, home, span);
      if (!isPromise(made)) {
        this.#spans.end(span);
        instances.set(node.factory, made);
        return made;
      }
      const making = made.then(
        instance => {
          this.#spans.end(span);
          instances.set(node.factory, instance);
          return instance;
        },
        error => {
          throw this.#fail(node, home, span, error);
        },
      );
      instances.set(node.factory, making);
      return observed(making);
    } catch (error) {
      throw this.#fail(node, home, span, error);
    }
  }

  #fail(node: ServiceNode, home: ServiceScope, span: SpanId, error: unknown): ServiceFailure {
    this.#spans.end(span);
    const failure =
      error instanceof ServiceFailure
        ? new ServiceFailure([node.id, ...error.ids], error.cause)
        : new ServiceFailure([node.id], error);
    home.instances.set(node.factory, failure);
    return failure;
  }

  #make(node: ServiceNode, home: ServiceScope, span: SpanId): unknown {
    if (node.provide) return node.provide(home.owner);
    const { factory } = node;
    const context = factory.createRootContext ? this.#rootContext(node, span) : undefined;
    const deps = this.resolveAll(node.deps, home, span);
    return isPromise(deps) || isPromise(context)
      ? Promise.all([deps, context]).then(([ready, made]) => factory.factory(ready, made))
      : factory.factory(deps, context);
  }

  /** Made once a factory, whichever plugin asks first; a failure is kept as well. */
  #rootContext(node: ServiceNode, span: SpanId): unknown {
    const { factory } = node;
    const known = this.#contexts.get(factory);
    if (known instanceof ServiceFailure) throw known;
    if (known !== undefined || this.#contexts.has(factory)) return known;
    const keep = (context: unknown) => {
      this.#contexts.set(factory, context);
      return context;
    };
    const fail = (error: unknown): never => {
      throw keep(error instanceof ServiceFailure ? error : new ServiceFailure([], error));
    };
    try {
      const deps = this.resolveAll(node.rootDeps, this.root, span);
      const made = isPromise(deps)
        ? deps.then(ready => factory.createRootContext!(ready))
        : factory.createRootContext!(deps);
      return keep(isPromise(made) ? observed(made.then(keep, fail)) : made);
    } catch (error) {
      return fail(error);
    }
  }
}

/** Its failure is kept for whoever asks; that at this moment nobody may listen, because another one failed first, is no fault. */
function observed<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
