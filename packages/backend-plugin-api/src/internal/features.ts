// The run-time fields of features, as read by the engine. The public types hide them from authors.
import type { BackendFeature } from '../features/BackendFeature';
import type { ExtensionPoint } from '../features/ExtensionPoint';
import type { ExtensionPointFactoryContext } from '../features/registrationPoints';
import type { ServiceFactory } from '../services/ServiceFactory';
import type { ServiceRef } from '../services/ServiceRef';

/** Dependencies, by the name under which the consumer receives them. */
export type DependencyRefs = { readonly [name in string]: ServiceRef<unknown> | ExtensionPoint<unknown> };

/** The arguments of `registerInit`. */
export interface InitRegistration {
  readonly deps: DependencyRefs;
  func(deps: Record<string, unknown>): void | Promise<void>;
}

/** An extension point, and the factory of the implementation that a module receives. */
export interface ExtensionPointRegistration {
  readonly extensionPoint: ExtensionPoint<unknown>;
  factory(context: ExtensionPointFactoryContext): unknown;
}

/** A plugin, as `getRegistrations` returns it. */
export interface PluginRegistration {
  readonly type: 'plugin-v1.1';
  readonly pluginId: string;
  readonly extensionPoints: readonly ExtensionPointRegistration[];
  readonly init: InitRegistration;
}

/** A module, as `getRegistrations` returns it. */
export interface ModuleRegistration {
  readonly type: 'module-v1.1';
  readonly pluginId: string;
  readonly moduleId: string;
  readonly extensionPoints: readonly ExtensionPointRegistration[];
  readonly init: InitRegistration;
}

/** The registration types of older releases, whose extension points are pairs of reference and implementation. */
export interface LegacyRegistration {
  readonly type: 'plugin' | 'module';
  readonly pluginId: string;
  readonly moduleId?: string;
  readonly extensionPoints: ReadonlyArray<readonly [ExtensionPoint<unknown>, unknown]>;
  readonly init: InitRegistration;
}

export type FeatureRegistration = PluginRegistration | ModuleRegistration | LegacyRegistration;

/** A feature that contains plugins and modules. */
export interface InternalRegistrationsFeature extends BackendFeature {
  readonly version: 'v1';
  readonly featureType: 'registrations';
  /** Only for messages if `register` fails. Not part of the contract, so features of other implementations lack it. */
  readonly pluginId?: string;
  readonly moduleId?: string;
  getRegistrations(): FeatureRegistration[];
}

/** A service factory as a feature. */
export interface InternalServiceFactory extends ServiceFactory {
  readonly version: 'v1';
  readonly featureType: 'service';
  readonly initialization?: 'always' | 'lazy';
  readonly deps: { readonly [name in string]: ServiceRef<unknown> };
  factory(deps: Record<string, unknown>, rootContext?: unknown): unknown;
  createRootContext?(deps: Record<string, unknown>): unknown;
}

/** A feature that produces further features. */
export interface InternalFeatureLoader extends BackendFeature {
  readonly version: 'v1';
  readonly featureType: 'loader';
  /** Where the loader was created, for messages. Loaders of other implementations may lack it. */
  readonly description?: string;
  readonly deps?: { readonly [name in string]: ServiceRef<unknown, 'root'> };
  loader(deps: Record<string, unknown>): Promise<readonly BackendFeature[]>;
}

export type InternalBackendFeature =
  InternalRegistrationsFeature | InternalServiceFactory | InternalFeatureLoader;

/** A service reference with the field that only the engine reads. */
export type InternalServiceRef<TService = unknown> = ServiceRef<TService> & {
  readonly __defaultFactory?: (ref: ServiceRef<TService>) => Promise<ServiceFactory>;
};
