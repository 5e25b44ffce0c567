// What the `register` function of a plugin or a module can call.
import type { ServiceRef } from '../services/ServiceRef';
import type { ExtensionPoint } from './ExtensionPoint';

/** What the factory of an extension point receives for each module that uses it. */
export interface ExtensionPointFactoryContext {
  /**
   * Attributes a failure to the module that uses the extension point, instead of the plugin that provides it.
   *
   * Call it before the plugin's `init` has finished. Once the plugin has started, the module's result is final, and
   * this throws.
   */
  reportModuleStartupFailure(options: { error: Error }): void;
}

/** The instances for a map of references: an array for a multiton service, otherwise one instance. */
export type DepsToInstances<
  TDeps extends { [name in string]: ServiceRef<unknown> | ExtensionPoint<unknown> },
> = {
  [name in keyof TDeps]: TDeps[name] extends ServiceRef<unknown, 'root' | 'plugin', 'multiton'>
    ? Array<TDeps[name]['T']>
    : TDeps[name]['T'];
};

/** What a plugin's `register` receives. */
export interface BackendPluginRegistrationPoints {
  /**
   * Provides an extension point to the plugin's modules, which all share `impl`. Call this before `registerInit`.
   *
   * @throws an error with code `GR_EXTENSION_POINT_AFTER_INIT` or `GR_EXTENSION_POINT_TWICE`.
   */
  registerExtensionPoint<TExtensionPoint>(ref: ExtensionPoint<TExtensionPoint>, impl: TExtensionPoint): void;
  /** Provides an extension point for which `factory` creates a separate implementation per module. */
  registerExtensionPoint<TExtensionPoint>(options: {
    extensionPoint: ExtensionPoint<TExtensionPoint>;
    factory: (context: ExtensionPointFactoryContext) => TExtensionPoint;
  }): void;
  /**
   * Registers the plugin's `init`, which runs after all modules of the plugin have been initialised. It can depend on
   * services, but not on extension points.
   *
   * @throws an error with code `GR_INIT_REGISTERED_TWICE` if it is called again.
   */
  registerInit<TDeps extends { [name in string]: ServiceRef<unknown> }>(options: {
    deps: TDeps;
    init(deps: DepsToInstances<TDeps>): Promise<void>;
  }): void;
}

/** What a module's `register` receives. */
export interface BackendModuleRegistrationPoints {
  /**
   * Provides an extension point to the other modules of the same plugin. Call this before `registerInit`.
   *
   * @throws an error with code `GR_EXTENSION_POINT_AFTER_INIT` or `GR_EXTENSION_POINT_TWICE`.
   */
  registerExtensionPoint<TExtensionPoint>(ref: ExtensionPoint<TExtensionPoint>, impl: TExtensionPoint): void;
  /** Provides an extension point for which `factory` creates a separate implementation per module. */
  registerExtensionPoint<TExtensionPoint>(options: {
    extensionPoint: ExtensionPoint<TExtensionPoint>;
    factory: (context: ExtensionPointFactoryContext) => TExtensionPoint;
  }): void;
  /**
   * Registers the module's `init`, which runs before the `init` of its plugin. It can depend on services and on
   * extension points of its plugin.
   *
   * @throws an error with code `GR_INIT_REGISTERED_TWICE` if it is called again.
   */
  registerInit<TDeps extends { [name in string]: ServiceRef<unknown> | ExtensionPoint<unknown> }>(options: {
    deps: TDeps;
    init(deps: DepsToInstances<TDeps>): Promise<void>;
  }): void;
}
