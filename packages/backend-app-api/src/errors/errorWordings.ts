// All error codes of the engine with their messages, in one table.
import { because, listed } from './reasonOf';

/** The wording of an error; names of fields are in braces. */
export interface Wording {
  /** What happened, and to whom: one sentence without a full stop. */
  readonly what: string;
  /** What to do next: one sentence. */
  readonly next?: string;
  /**
   * For errors that wrap another one: when it happened. If the cause is an error of our own, its message comes first
   * and this follows. A part in brackets is left out if the cause already names its field.
   */
  readonly during?: string;
}

/** How fields that are more than a word are turned into text. */
export const wordedFields = {
  reason: because,
  modules: listed,
  problems: (problems: ReadonlyArray<{ readonly message: string }>) =>
    `${problems.length} reasons:${listed(problems.map(({ message }) => message))}`,
  cycle: (links: readonly string[]) => links.join(' -> '),
  waitsFor: (steps: readonly string[]) =>
    steps.length > 0 ? ` and still waits for ${steps.join(' -> ')}` : '',
  timeoutMs: (timeoutMs: number) => `${timeoutMs} ms`,
  state: (state: string) => (state === 'failed' ? 'failed to start' : `is ${state}`),
  nearest: (id?: string) => (id ? `Did you mean '${id}'? ` : ''),
  provider: (provider?: string) => (provider ? `, which usually comes with ${provider}` : ''),
};

/** All codes, in the order of the steps in which they can occur. */
export const engineErrors = {
  GR_BACKEND_NOT_IDLE: {
    what: 'Too late for {call} at {source}: the backend {state}',
    next: 'Add all features before start(), and call start() once; make a new backend to start again.',
  },
  GR_FEATURE_INVALID: {
    what: 'What was added at {source} is not a backend feature: it is {found}',
    next: 'Pass what createBackendPlugin, createBackendModule, createServiceFactory or createBackendFeatureLoader returned, or import() of a package that exports it as default.',
  },
  GR_FEATURE_UNSUPPORTED: {
    what: 'The feature added at {source} has the marker of a backend feature but not its shape: {found}',
    next: "Use a release of its package for version 'v1' of the feature contract.",
  },
  GR_FEATURE_IMPORT_FAILED: {
    what: 'The feature added at {source} could not be imported{reason}',
    next: 'Install the package if it is missing; otherwise see to it that its entry point loads on its own.',
    during: 'importing the feature added at {source}',
  },
  GR_LOADER_FAILED: {
    what: 'The feature loader {loader}, added at {source}, failed{reason}',
    next: 'None of its features were installed: fix the loader, or leave it out.',
    during: '[feature loader {loader}, ]added at {source}',
  },
  GR_REGISTER_FAILED: {
    what: '{subject}, added at {source}, failed in its register callback{reason}',
    next: 'register may only declare extension points and one init; move work into init.',
    during: '[register of {subject}, ]added at {source}',
  },
  GR_DEFAULT_FACTORY_FAILED: {
    what: "The default factory of service '{id}' could not be loaded{reason}",
    next: "Add a factory for '{id}' to the backend, or fix the package that defines the reference.",
    during: "loading the default factory of service '{id}'",
  },
  GR_PLUGIN_DUPLICATE: {
    what: '{subject} was added twice: at {first} and at {second}',
    next: 'Remove one of them; an id can be installed once in a backend.',
  },
  GR_MODULE_DUPLICATE: {
    what: '{subject} was added twice: at {first} and at {second}',
    next: 'Remove one of them, or give one another moduleId.',
  },
  GR_MODULE_WITHOUT_PLUGIN: {
    what: "{subject}, added at {source}, is skipped: plugin '{pluginId}' is not installed",
    next: "{nearest}Add plugin '{pluginId}' to this backend, or remove the module.",
  },
  GR_SERVICE_CONFLICT: {
    what: '{subject} has two factories of equal rank: from {first} and from {second}',
    next: 'Remove one of them.',
  },
  GR_SERVICE_BUILT_IN: {
    what: "{subject} is provided by the engine and can't be replaced by the factory added at {source}",
    next: 'Remove that factory.',
  },
  GR_SERVICE_ALREADY_CREATED: {
    what: "{subject} can't be replaced by the factory from {source}: a feature loader has already used another one",
    next: 'Add the factory to the backend itself instead of returning it from a loader.',
  },
  GR_SERVICE_MISSING: {
    what: "{subject} needs service '{id}', for which there is no factory",
    next: "{nearest}Add a factory for '{id}'{provider}.",
  },
  GR_SERVICE_SCOPE: {
    what: "{subject} can use root services only, but depends on '{id}', which exists once for each plugin",
    next: 'Depend on a root service instead, or, if it is a service itself, make it plugin scoped.',
  },
  GR_SERVICE_CYCLE: {
    what: 'Services depend on each other in a circle: {cycle}',
    next: 'Break the circle: take the shared part into a service of its own.',
  },
  GR_MODULE_CYCLE: {
    what: "Modules of plugin '{pluginId}' wait for each other in a circle: {cycle}",
    next: "Break the circle: let one of them stop consuming the other one's extension point.",
  },
  GR_EXTENSION_POINT_MISSING: {
    what: "{subject} needs extension point '{id}', which neither plugin '{pluginId}' nor any of its modules registers",
    next: '{nearest}Check the versions of both packages, or add the module that registers it.',
  },
  GR_EXTENSION_POINT_FOREIGN: {
    what: "{subject} needs extension point '{id}', which is registered by {registeredBy}",
    next: "Only modules of plugin '{ownerPlugin}' can use it: change the module's pluginId.",
  },
  GR_EXTENSION_POINT_DUPLICATE: {
    what: '{subject} is registered twice: by {first} and by {second}',
    next: 'Remove one registration, or give one another id.',
  },
  GR_PLUGIN_NEEDS_EXTENSION_POINT: {
    what: "The init of {subject} depends on extension point '{id}'",
    next: 'Extension points are for modules: if it is its own, keep the implementation in a variable of register and use that; if it is that of another plugin, write a module of that plugin.',
  },
  GR_DEPENDENCY_INVALID: {
    what: "{subject} has a dependency '{name}' that is not a service or extension point reference: it is {found}",
    next: 'Give what createServiceRef or createExtensionPoint returned; undefined usually means a misspelt name, or two files that import each other.',
  },
  GR_WIRING_INVALID: { what: "{subject} can't be started, for {problems}" },
  GR_STARTUP_CONFIG_INVALID: {
    what: "The configuration '{key}' is {found}",
    next: 'Set it to {expected}.',
  },
  // The path says everything.
  GR_SERVICE_FAILED: { what: "{subject} could not get service '{id}'{reason}", during: '' },
  GR_EXTENSION_POINT_FAILED: {
    what: "{subject} could not get extension point '{id}'{reason}",
    during: "extension point '{id}' for {subject}",
  },
  GR_INIT_FAILED: { what: '{subject} failed in its init{reason}', during: 'init of {subject}' },
  GR_STARTUP_HOOK_FAILED: {
    what: 'A startup hook of {subject} failed{reason}',
    during: 'startup hook of {subject}',
  },
  GR_MODULE_FAILED: {
    what: '{subject} did not start because of its modules:{modules}',
    next: 'Fix the module, remove it, or allow its failure with backend.startup.plugins.{pluginId}.modules.<id>.onPluginModuleBootFailure: continue.',
  },
  GR_MODULE_REPORTED_FAILURE: {
    what: "Extension point '{id}' reported a failure of {subject}{reason}",
    next: 'The plugin rejected what the module provided through the extension point.',
    during: "reported by extension point '{id}' for {subject}",
  },
  GR_START_TIMEOUT: {
    what: '{subject} was not up after {timeoutMs}{waitsFor}',
    next: 'Find out why that does not finish, or raise backend.startup.default.timeout (for one plugin, backend.startup.plugins.<id>.timeout).',
  },
  GR_START_STALLED: {
    what: 'Nothing is left to do in this process, yet {subject} is not up{waitsFor}',
    next: 'A promise there is never resolved: look for a callback that is never called.',
  },
  GR_START_ABORTED: {
    what: '{subject} was not started: the backend was stopped while it was starting',
    next: 'Start it again, if the stop was not intended.',
  },
  GR_SHUTDOWN_HOOK_FAILED: {
    what: 'A shutdown hook of {subject} failed{reason}',
    during: 'shutdown hook of {subject}',
  },
  GR_SHUTDOWN_HOOK_TIMEOUT: {
    what: 'A shutdown hook of {subject} was given up after {timeoutMs}',
    next: 'Find out why it does not finish, or raise shutdownHookTimeout or shutdownTimeout in backend.lifecycle.',
  },
} as const satisfies Record<string, Wording>;
