// Plugins and modules in short, for tests.
import {
  createBackendModule,
  createBackendPlugin,
  type BackendFeature,
  type ExtensionPoint,
  type ServiceRef,
} from '@greenroom/backend-plugin-api';

type Refs = { [name in string]: ServiceRef<any, 'root' | 'plugin', any> | ExtensionPoint<any> };
type Instances<TDeps extends Refs> = {
  // A reference whose scope or number is not known statically counts as a single one.
  [name in keyof TDeps]: TDeps[name] extends { multiton?: infer M }
    ? [M] extends [true]
      ? Array<TDeps[name]['T']>
      : TDeps[name]['T']
    : TDeps[name]['T'];
};

interface Declared<TDeps extends Refs> {
  /** Extension points with their implementations. */
  offers?: ReadonlyArray<readonly [ExtensionPoint<any>, unknown]>;
  deps?: TDeps;
  init?(deps: Instances<TDeps>): void | Promise<void>;
}

/** A plugin in short. */
export function createPlugin<TDeps extends Refs = {}>(
  pluginId: string,
  declared: Declared<TDeps> = {},
): BackendFeature {
  return createBackendPlugin({ pluginId, register: reg => declare(reg, declared) });
}

/** A module in short. */
export function createModule<TDeps extends Refs = {}>(
  pluginId: string,
  moduleId: string,
  declared: Declared<TDeps> = {},
): BackendFeature {
  return createBackendModule({ pluginId, moduleId, register: reg => declare(reg, declared) });
}

function declare(
  reg: {
    registerExtensionPoint(ref: ExtensionPoint<any>, impl: unknown): void;
    registerInit(options: { deps: any; init(deps: any): Promise<void> }): void;
  },
  { offers = [], deps, init = () => {} }: Declared<any>,
): void {
  for (const [ref, impl] of offers) reg.registerExtensionPoint(ref, impl);
  // An init that returns nothing is as good as one that returns a promise.
  reg.registerInit({ deps: deps ?? {}, init: init as (deps: unknown) => Promise<void> });
}
