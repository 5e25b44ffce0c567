// What the `register` function of a plugin or a module can call.
import type { ServiceRef } from '../services/ServiceRef';
import type { ExtensionPoint } from './ExtensionPoint';

/** What an extension point's factory receives for the module that asked for it. */
export interface ExtensionPointFactoryContext {
  /**
   * Books a failure on the module that used the extension point, instead of on the plugin that offers it.
   *
   * Call it before the plugin's `init` is done: afterwards the module's result is settled.
   */
  reportModuleStartupFailure(options: { error: Error }): void;
}

/** The instances that a map of references stands for: an array for a multiton service, else one instance. */
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
   * Offers an extension point to the plugin's modules; all of them share `impl`. Must come before `registerInit`.
   *
   * @throws an error with code `GR_EXTENSION_POINT_AFTER_INIT` or `GR_EXTENSION_POINT_TWICE`.
   */
  registerExtensionPoint<TExtensionPoint>(ref: ExtensionPoint<TExtensionPoint>, impl: TExtensionPoint): void;
  /** Offers an extension point of which every module receives an implementation of its own, made by `factory`. */
  registerExtensionPoint<TExtensionPoint>(options: {
    extensionPoint: ExtensionPoint<TExtensionPoint>;
    factory: (context: ExtensionPointFactoryContext) => TExtensionPoint;
  }): void;
  /**
   * Sets the plugin's one `init`, which runs when all modules of the plugin are initialised. It depends on services
   * only, never on extension points.
   *
   * @throws an error with code `GR_INIT_REGISTERED_TWICE` when it is called again.
   */
  registerInit<TDeps extends { [name in string]: ServiceRef<unknown> }>(options: {
    deps: TDeps;
    init(deps: DepsToInstances<TDeps>): Promise<void>;
  }): void;
}

/** What a module's `register` receives. */
export interface BackendModuleRegistrationPoints {
  /**
   * Offers an extension point to the other modules of the same plugin. Must come before `registerInit`.
   *
   * @throws an error with code `GR_EXTENSION_POINT_AFTER_INIT` or `GR_EXTENSION_POINT_TWICE`.
   */
  registerExtensionPoint<TExtensionPoint>(ref: ExtensionPoint<TExtensionPoint>, impl: TExtensionPoint): void;
  /** Offers an extension point of which every module receives an implementation of its own, made by `factory`. */
  registerExtensionPoint<TExtensionPoint>(options: {
    extensionPoint: ExtensionPoint<TExtensionPoint>;
    factory: (context: ExtensionPointFactoryContext) => TExtensionPoint;
  }): void;
  /**
   * Sets the module's one `init`, which runs before the `init` of its plugin. It depends on services and on extension
   * points of its plugin.
   *
   * @throws an error with code `GR_INIT_REGISTERED_TWICE` when it is called again.
   */
  registerInit<TDeps extends { [name in string]: ServiceRef<unknown> | ExtensionPoint<unknown> }>(options: {
    deps: TDeps;
    init(deps: DepsToInstances<TDeps>): Promise<void>;
  }): void;
}
