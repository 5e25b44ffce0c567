// Calls the register callbacks and brings what they declare, of whatever release, into one shape.
import type {
  ExtensionPointRegistration,
  FeatureRegistration,
  InitRegistration,
} from '@greenroom/backend-plugin-api/internal';
import { describe, EngineError, EngineReason, reasonOf, subject } from '../errors';
import type { SourcedRegistrations } from './collectFeatures';

/** One plugin or module as it declared itself. */
export class Registered {
  constructor(
    readonly pluginId: string,
    /** Missing for a plugin. */
    readonly moduleId: string | undefined,
    /** The feature it came from, so that it can be registered anew. */
    readonly origin: SourcedRegistrations,
    readonly extensionPoints: readonly ExtensionPointRegistration[],
    readonly init: InitRegistration,
    /** Set where register failed; extension points and init are then empty. */
    readonly failure?: EngineError,
  ) {}

  /** In words: `plugin 'catalog'`. Made when it is asked for, because most starts need it for nobody. */
  get subject(): string {
    return subjectOf(this.pluginId, this.moduleId);
  }

  get source(): { toString(): string } {
    return this.origin.source;
  }
}

/** All that was declared, in the order in which it was added. */
export interface Registrations {
  readonly registered: readonly Registered[];
  /** Failures of features that do not even say whose they are. */
  readonly problems: readonly EngineError[];
}

const noInit: InitRegistration = { deps: {}, func: () => {} };

/** Never throws: a register callback that fails becomes a failure of its plugin or module. */
export function readRegistrations(features: readonly SourcedRegistrations[]): Registrations {
  const registered: Registered[] = [];
  const problems: EngineError[] = [];
  for (const origin of features) {
    const { feature, source } = origin;
    try {
      for (const registration of feature.getRegistrations()) registered.push(uniform(registration, origin));
    } catch (error) {
      const { pluginId, moduleId } = feature;
      const name = pluginId === undefined ? 'A feature' : subjectOf(pluginId, moduleId);
      const failure = new EngineError(
        'GR_REGISTER_FAILED',
        { subject: name, source: String(source), reason: reasonOf(error) },
        { cause: error },
      );
      if (pluginId === undefined) problems.push(failure);
      else {
        registered.push(new Registered(pluginId, moduleId, origin, [], noInit, failure));
      }
    }
  }
  return { registered, problems };
}

function uniform(registration: FeatureRegistration, origin: SourcedRegistrations): Registered {
  const { type, pluginId, init, extensionPoints }: Partial<FeatureRegistration> = registration ?? {};
  if (!type || !pluginId || !Array.isArray(extensionPoints) || !init?.deps || !init.func) {
    throw new EngineReason(
      `it declares ${describe(registration)}: type, pluginId, extensionPoints or init is missing`,
    );
  }
  const moduleId = type.startsWith('module') ? (registration as { moduleId: string }).moduleId : undefined;
  return new Registered(pluginId, moduleId, origin, extensionPointsOf(registration), init);
}

function extensionPointsOf(registration: FeatureRegistration): readonly ExtensionPointRegistration[] {
  switch (registration.type) {
    case 'plugin-v1.1':
    case 'module-v1.1':
      return registration.extensionPoints;
    case 'plugin':
    case 'module':
      return registration.extensionPoints.map(([extensionPoint, implementation]) => ({
        extensionPoint,
        factory: () => implementation,
      }));
    default: {
      const { type } = registration as { type: unknown };
      throw new EngineReason(`it declares a registration of the type '${String(type)}', which is unknown`);
    }
  }
}

function subjectOf(pluginId: string, moduleId: string | undefined): string {
  return moduleId === undefined ? subject('plugin', pluginId) : subject('module', moduleId, pluginId);
}
