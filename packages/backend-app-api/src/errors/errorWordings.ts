// Every code of the engine, with what its message says: one table.
import { because, listed } from './reasonOf';

/** How an error is worded. */
export interface Wording<TFields> {
  /** The error's `name`. */
  name: string;
  /** What happened, to whom. One sentence without its full stop. */
  what(fields: TFields): string;
  /** What to do next. One sentence. */
  next?(fields: TFields): string;
  /**
   * For errors that wrap another one: during what it happened. Stands behind a cause that is an error of our own, which
   * then leads the message, `told`, and says what to do.
   */
  during?(fields: TFields, told: string): string;
}

const wording = <TFields>(
  name: string,
  what: Wording<TFields>['what'],
  next?: Wording<TFields>['next'],
  during?: Wording<TFields>['during'],
): Wording<TFields> => ({ name, what, next, during });

type Owned = { subject: string };
type Sourced = { subject: string; source: string };
type Twice = { subject: string; first: string; second: string };
type Unknown = { subject: string; id: string; nearest?: string; provider?: string };

const didYouMean = (nearest: string | undefined) => (nearest ? `Did you mean '${nearest}'? ` : '');
const waiting = (waitsFor: readonly string[]) =>
  waitsFor.length > 0 ? ` and still waits for ${waitsFor.join(' -> ')}` : '';
const mentions = (text: string, name: string) => text.toLowerCase().includes(name.toLowerCase());
const during = (step: string) => (f: Owned) => `${step} of ${f.subject}`;

/** All codes, in the order of the steps in which they can happen. */
export const engineErrors = {
  GR_BACKEND_NOT_IDLE: wording<{ call: string; state: string; source: string }>(
    'BackendNotIdleError',
    f => `Too late for ${f.call} at ${f.source}: the backend is ${f.state}`,
    () => 'Add all features before start(), and call start() once; make a new backend to start again.',
  ),
  GR_FEATURE_INVALID: wording<{ source: string; found: string }>(
    'InvalidFeatureError',
    f => `What was added at ${f.source} is not a backend feature: it is ${f.found}`,
    () =>
      'Pass what createBackendPlugin, createBackendModule, createServiceFactory or createBackendFeatureLoader returned, or import() of a package that exports it as default.',
  ),
  GR_FEATURE_UNSUPPORTED: wording<{ source: string; found: string }>(
    'UnsupportedFeatureError',
    f => `The feature added at ${f.source} has the marker of a backend feature but not its shape: ${f.found}`,
    () => "Use a release of its package for version 'v1' of the feature contract.",
  ),
  GR_FEATURE_IMPORT_FAILED: wording<{ source: string; reason: string }>(
    'FeatureImportError',
    f => `The feature added at ${f.source} could not be imported${because(f.reason)}`,
    () => 'Check that the package is installed and that its entry point loads on its own.',
    f => `importing the feature added at ${f.source}`,
  ),
  GR_LOADER_FAILED: wording<{ loader: string; source: string; reason: string }>(
    'FeatureLoaderError',
    f => `The feature loader ${f.loader}, added at ${f.source}, failed${because(f.reason)}`,
    () => 'None of its features were installed: mend the loader, or leave it out.',
    (f, told) => `${told.includes(f.loader) ? '' : `feature loader ${f.loader}, `}added at ${f.source}`,
  ),
  GR_REGISTER_FAILED: wording<Sourced & { reason: string }>(
    'RegisterError',
    f => `${f.subject}, added at ${f.source}, failed in its register callback${because(f.reason)}`,
    () => 'register may only declare extension points and one init; move work into init.',
    (f, told) => `${mentions(told, f.subject) ? '' : `register of ${f.subject}, `}added at ${f.source}`,
  ),
  GR_DEFAULT_FACTORY_FAILED: wording<{ id: string; reason: string }>(
    'DefaultFactoryError',
    f => `The default factory of service '${f.id}' could not be loaded${because(f.reason)}`,
    f => `Add a factory for '${f.id}' to the backend, or mend the package that defines the reference.`,
    f => `loading the default factory of service '${f.id}'`,
  ),
  GR_PLUGIN_DUPLICATE: wording<Twice>(
    'DuplicatePluginError',
    f => `${f.subject} was added twice: at ${f.first} and at ${f.second}`,
    () => 'Remove one of them; an id can be installed once in a backend.',
  ),
  GR_MODULE_DUPLICATE: wording<Twice>(
    'DuplicateModuleError',
    f => `${f.subject} was added twice: at ${f.first} and at ${f.second}`,
    () => 'Remove one of them, or give one another moduleId.',
  ),
  GR_MODULE_WITHOUT_PLUGIN: wording<Sourced & { pluginId: string; nearest?: string }>(
    'ModuleWithoutPluginError',
    f => `${f.subject}, added at ${f.source}, is skipped: plugin '${f.pluginId}' is not installed`,
    f => `${didYouMean(f.nearest)}Add plugin '${f.pluginId}' to this backend, or remove the module.`,
  ),
  GR_SERVICE_CONFLICT: wording<Twice>(
    'ServiceConflictError',
    f => `${f.subject} has two factories of equal rank: from ${f.first} and from ${f.second}`,
    () => 'Remove one of them.',
  ),
  GR_SERVICE_BUILT_IN: wording<Sourced>(
    'BuiltInServiceError',
    f => `${f.subject} is provided by the engine and can't be replaced by the factory added at ${f.source}`,
    () => 'Remove that factory.',
  ),
  GR_SERVICE_ALREADY_CREATED: wording<Sourced>(
    'ServiceAlreadyCreatedError',
    f =>
      `${f.subject} can't be replaced by the factory from ${f.source}: a feature loader has already used another one`,
    () => 'Add the factory to the backend itself instead of returning it from a loader.',
  ),
  GR_SERVICE_MISSING: wording<Unknown>(
    'MissingServiceError',
    f => `${f.subject} needs service '${f.id}', for which there is no factory`,
    f =>
      `${didYouMean(f.nearest)}Add a factory for '${f.id}'` +
      `${f.provider ? `, which usually comes with ${f.provider}` : ''}.`,
  ),
  GR_SERVICE_SCOPE: wording<{ subject: string; id: string }>(
    'ServiceScopeError',
    f =>
      `${f.subject} can use root services only, but depends on '${f.id}', which exists once for each plugin`,
    () => 'Depend on a root service instead, or, if it is a service itself, make it plugin scoped.',
  ),
  GR_SERVICE_CYCLE: wording<{ cycle: readonly string[] }>(
    'ServiceCycleError',
    f => `Services depend on each other in a circle: ${f.cycle.join(' -> ')}`,
    () => 'Break the circle: take the shared part into a service of its own, or look one up lazily.',
  ),
  GR_MODULE_CYCLE: wording<{ pluginId: string; cycle: readonly string[] }>(
    'ModuleCycleError',
    f => `Modules of plugin '${f.pluginId}' wait for each other in a circle: ${f.cycle.join(' -> ')}`,
    () => "Break the circle: let one of them stop consuming the other one's extension point.",
  ),
  GR_EXTENSION_POINT_MISSING: wording<Unknown & { pluginId: string }>(
    'MissingExtensionPointError',
    f =>
      `${f.subject} needs extension point '${f.id}', which neither plugin '${f.pluginId}' nor any of its modules registers`,
    f => `${didYouMean(f.nearest)}Check the versions of both packages, or add the module that registers it.`,
  ),
  GR_EXTENSION_POINT_FOREIGN: wording<Unknown & { registeredBy: string; ownerPlugin: string }>(
    'ForeignExtensionPointError',
    f => `${f.subject} needs extension point '${f.id}', which is registered by ${f.registeredBy}`,
    f => `Only modules of plugin '${f.ownerPlugin}' can use it: change the module's pluginId.`,
  ),
  GR_EXTENSION_POINT_DUPLICATE: wording<Twice>(
    'DuplicateExtensionPointError',
    f => `${f.subject} is registered twice: by ${f.first} and by ${f.second}`,
    () => 'Remove one registration, or give one another id.',
  ),
  GR_PLUGIN_NEEDS_EXTENSION_POINT: wording<{ subject: string; id: string }>(
    'PluginNeedsExtensionPointError',
    f => `The init of ${f.subject} depends on extension point '${f.id}'`,
    () => 'Extension points are for modules: keep the implementation in a variable of register and use that.',
  ),
  GR_DEPENDENCY_INVALID: wording<{ subject: string; name: string; found: string }>(
    'InvalidDependencyError',
    f =>
      `${f.subject} has a dependency '${f.name}' that is no service or extension point reference: it is ${f.found}`,
    () => 'A reference that is undefined usually means that two files import each other.',
  ),
  GR_WIRING_INVALID: wording<Owned & { problems: ReadonlyArray<{ readonly message: string }> }>(
    'WiringError',
    f =>
      `${f.subject} can't be started, for ${f.problems.length} reasons:${listed(f.problems.map(problem => problem.message))}`,
  ),
  GR_STARTUP_CONFIG_INVALID: wording<{ key: string; found: string; expected: string }>(
    'StartupConfigError',
    f => `The configuration '${f.key}' is ${f.found}`,
    f => `Set it to ${f.expected}.`,
  ),
  GR_SERVICE_FAILED: wording<Owned & { id: string; reason: string }>(
    'ServiceFactoryError',
    f => `${f.subject} could not get service '${f.id}'${because(f.reason)}`,
    undefined,
    // The path says it all.
    () => '',
  ),
  GR_EXTENSION_POINT_FAILED: wording<Owned & { id: string; reason: string }>(
    'ExtensionPointFactoryError',
    f => `${f.subject} could not get extension point '${f.id}'${because(f.reason)}`,
    undefined,
    f => `extension point '${f.id}' for ${f.subject}`,
  ),
  GR_INIT_FAILED: wording<Owned & { reason: string }>(
    'InitError',
    f => `${f.subject} failed in its init${because(f.reason)}`,
    undefined,
    during('init'),
  ),
  GR_STARTUP_HOOK_FAILED: wording<Owned & { reason: string }>(
    'StartupHookError',
    f => `A startup hook of ${f.subject} failed${because(f.reason)}`,
    undefined,
    during('startup hook'),
  ),
  GR_MODULE_FAILED: wording<Owned & { modules: readonly string[] }>(
    'ModulesFailedError',
    f => `${f.subject} did not start because of its modules:${listed(f.modules)}`,
    () => "Mend the module, remove it, or allow its failure with onPluginModuleBootFailure: 'continue'.",
  ),
  GR_MODULE_REPORTED_FAILURE: wording<Owned & { id: string; reason: string }>(
    'ReportedModuleError',
    f => `Extension point '${f.id}' reported a failure of ${f.subject}${because(f.reason)}`,
    () => 'It is what the plugin found wrong with the extension that the module gave it.',
    f => `reported by extension point '${f.id}' for ${f.subject}`,
  ),
  GR_START_TIMEOUT: wording<Owned & { timeoutMs: number; waitsFor: readonly string[] }>(
    'StartTimeoutError',
    f => `${f.subject} was not up after ${f.timeoutMs} ms${waiting(f.waitsFor)}`,
    () =>
      'Find out why that does not finish, or raise backend.startup.default.timeout, for one plugin backend.startup.plugins.<id>.timeout.',
  ),
  GR_START_STALLED: wording<Owned & { waitsFor: readonly string[] }>(
    'StartStalledError',
    f => `Nothing is left to do in this process, yet ${f.subject} is not up${waiting(f.waitsFor)}`,
    () => 'A promise there is never resolved: look for a callback that is never called.',
  ),
  GR_START_ABORTED: wording<Owned>(
    'StartAbortedError',
    f => `${f.subject} was not started: the backend was stopped while it was starting`,
    () => 'Start it again, if the stop was not intended.',
  ),
  GR_SHUTDOWN_HOOK_FAILED: wording<Owned & { reason: string }>(
    'ShutdownHookError',
    f => `A shutdown hook of ${f.subject} failed${because(f.reason)}`,
    undefined,
    during('shutdown hook'),
  ),
  GR_SHUTDOWN_HOOK_TIMEOUT: wording<Owned & { timeoutMs: number }>(
    'ShutdownHookTimeoutError',
    f => `A shutdown hook of ${f.subject} was given up after ${f.timeoutMs} ms`,
    () =>
      'Find out why it does not finish, or raise shutdownHookTimeout or shutdownTimeout in backend.lifecycle.',
  ),
} satisfies Record<string, Wording<never>>;
