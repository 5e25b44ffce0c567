// Every error of the engine: one table of codes with their wording, one class, and the one function that words a subject.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** Words a subject the same way in every message, path and report. */
export function subject(kind: 'plugin' | 'service' | 'extension point', id: string): string;
export function subject(kind: 'module', id: string, pluginId: string): string;
export function subject(kind: string, id: string, pluginId?: string): string {
  return kind === 'module' ? `module '${id}' of plugin '${pluginId}'` : `${kind} '${id}'`;
}

interface Wording<TFields> {
  /** The error's `name`. */
  name: string;
  /** What happened, to whom. One sentence without its full stop. */
  what(fields: TFields): string;
  /** What to do next. One sentence. */
  next(fields: TFields): string;
}

const wording = <TFields>(name: string, what: Wording<TFields>['what'], next: Wording<TFields>['next']) => ({
  name,
  what,
  next,
});

type Owned = { subject: string };
type Sourced = { subject: string; source: string };
type Twice = { subject: string; first: string; second: string };
type Unknown = { subject: string; id: string; nearest?: string; provider?: string };

const didYouMean = (nearest: string | undefined) => (nearest ? `Did you mean '${nearest}'? ` : '');

/** All codes, in the order of the steps in which they can happen. */
export const engineErrors = {
  GR_BACKEND_NOT_IDLE: wording<{ call: string; state: string; source: string }>(
    'BackendNotIdleError',
    f => `${f.call} was called at ${f.source} while the backend is ${f.state}`,
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
    f => `The feature added at ${f.source} could not be imported: ${f.reason}`,
    () => 'Check that the package is installed and that its entry point loads on its own.',
  ),
  GR_LOADER_FAILED: wording<{ loader: string; source: string; reason: string }>(
    'FeatureLoaderError',
    f => `The feature loader ${f.loader}, added at ${f.source}, failed: ${f.reason}`,
    () => 'Mend the loader, or leave it out: none of its features were installed.',
  ),
  GR_REGISTER_FAILED: wording<Sourced & { reason: string }>(
    'RegisterError',
    f => `${f.subject}, added at ${f.source}, failed in its register callback: ${f.reason}`,
    () => 'register may only declare extension points and one init; move work into init.',
  ),
  GR_DEFAULT_FACTORY_FAILED: wording<{ id: string; reason: string }>(
    'DefaultFactoryError',
    f => `The default factory of service '${f.id}' could not be loaded: ${f.reason}`,
    f => `Add a factory for '${f.id}' to the backend, or mend the package that defines the reference.`,
  ),
  GR_PLUGIN_DUPLICATE: wording<Twice>(
    'DuplicatePluginError',
    f => `${f.subject} was added twice: at ${f.first} and at ${f.second}`,
    () => 'Remove one of them; an id can be installed once a backend.',
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
    f => `${f.subject} is a root service and depends on '${f.id}', which exists once a plugin`,
    () => 'Depend on a root service instead, or make this one plugin scoped.',
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
  GR_WIRING_INVALID: wording<Owned & { problems: readonly string[] }>(
    'WiringError',
    f => `${f.subject} can't be started, for ${f.problems.length} reasons: ${f.problems.join('; ')}`,
    () => 'Mend each of them.',
  ),
  GR_STARTUP_CONFIG_INVALID: wording<{ key: string; found: string; expected: string }>(
    'StartupConfigError',
    f => `The configuration '${f.key}' is ${f.found}`,
    f => `Set it to ${f.expected}.`,
  ),
  GR_SERVICE_FAILED: wording<Owned & { id: string; reason: string }>(
    'ServiceFactoryError',
    f => `${f.subject} could not get service '${f.id}': ${f.reason}`,
    f => `Look at the cause: it was thrown by the factory of '${f.id}'.`,
  ),
  GR_EXTENSION_POINT_FAILED: wording<Owned & { id: string; reason: string }>(
    'ExtensionPointFactoryError',
    f => `${f.subject} could not get extension point '${f.id}': ${f.reason}`,
    () => 'Look at the cause: it was thrown where the extension point is made.',
  ),
  GR_INIT_FAILED: wording<Owned & { reason: string }>(
    'InitError',
    f => `${f.subject} failed in its init: ${f.reason}`,
    () => 'Look at the cause: it was thrown by the init itself.',
  ),
  GR_STARTUP_HOOK_FAILED: wording<Owned & { reason: string }>(
    'StartupHookError',
    f => `A startup hook of ${f.subject} failed: ${f.reason}`,
    () => 'Look at the cause: it was thrown by the hook itself.',
  ),
  GR_MODULE_FAILED: wording<Owned & { modules: readonly string[] }>(
    'ModulesFailedError',
    f => `${f.subject} did not start because of its modules: ${f.modules.join('; ')}`,
    () => "Mend the module, remove it, or allow its failure with onPluginModuleBootFailure: 'continue'.",
  ),
  GR_MODULE_REPORTED_FAILURE: wording<Owned & { id: string; reason: string }>(
    'ReportedModuleError',
    f => `Extension point '${f.id}' reported a failure of ${f.subject}: ${f.reason}`,
    () => 'Look at the cause: it is what the plugin found wrong with the extension that the module gave it.',
  ),
  GR_START_TIMEOUT: wording<Owned & { timeoutMs: number; waitsFor: readonly string[] }>(
    'StartTimeoutError',
    f => `${f.subject} was not up after ${f.timeoutMs} ms and still waits for ${f.waitsFor.join(' -> ')}`,
    () => 'Find out why that does not finish, or raise backend.startup.default.timeout.',
  ),
  GR_START_STALLED: wording<Owned & { waitsFor: readonly string[] }>(
    'StartStalledError',
    f => `Nothing is left to do in this process, yet ${f.subject} still waits for ${f.waitsFor.join(' -> ')}`,
    () => 'A promise there is never resolved: look for a callback that is never called.',
  ),
  GR_START_ABORTED: wording<Owned>(
    'StartAbortedError',
    f => `${f.subject} was not started: the backend was stopped while it was starting`,
    () => 'Start it again, if the stop was not intended.',
  ),
  GR_SHUTDOWN_HOOK_FAILED: wording<Owned & { reason: string }>(
    'ShutdownHookError',
    f => `A shutdown hook of ${f.subject} failed: ${f.reason}`,
    () => 'Look at the cause: it was thrown by the hook itself.',
  ),
  GR_SHUTDOWN_HOOK_TIMEOUT: wording<Owned & { timeoutMs: number }>(
    'ShutdownHookTimeoutError',
    f => `A shutdown hook of ${f.subject} was given up after ${f.timeoutMs} ms`,
    () => 'Find out why it does not finish, or raise backend.lifecycle.shutdownTimeout.',
  ),
} satisfies Record<string, Wording<never>>;

export type EngineErrorCode = keyof typeof engineErrors;
export type EngineErrorFields<C extends EngineErrorCode> = Parameters<(typeof engineErrors)[C]['what']>[0];

/** An error of the engine: `code` says which, `fields` who and where, `path` how it was reached. */
export class EngineError<C extends EngineErrorCode = EngineErrorCode> extends GreenroomError {
  declare readonly code: C;
  readonly fields: EngineErrorFields<C>;

  constructor(
    code: C,
    fields: EngineErrorFields<C>,
    options?: { path?: readonly string[]; cause?: unknown },
  ) {
    const words = engineErrors[code] as unknown as Wording<EngineErrorFields<C>>;
    super({ code, message: capitalised(words.what(fields)), hint: words.next(fields), ...options });
    this.name = words.name;
    this.fields = fields;
  }
}

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** What a thrown value says of itself, in one line. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return `${describe(thrown)} was thrown`;
}

/** What a value is, in few words, for a message. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `the string '${value.slice(0, 60)}'`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'function') return value.name ? `the function '${value.name}'` : 'a function';
  if (typeof value !== 'object') return `the ${typeof value} ${String(value)}`;
  const keys = Object.keys(value);
  return keys.length > 0 ? `an object with ${keys.slice(0, 5).join(', ')}` : 'an empty object';
}
