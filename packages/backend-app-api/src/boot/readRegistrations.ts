// Calls the register callbacks and brings what they declare, of whatever release, into one shape.
import type {
  ExtensionPointRegistration,
  FeatureRegistration,
  InternalRegistrationsFeature,
} from '@greenroom/backend-plugin-api/internal';
import { describe, EngineError, EngineReason, reasonOf } from '../errors';
import { Part, subjectOf, type Source } from './Part';

/** A plugin's or module's feature, with where it was added. */
export interface SourcedRegistrations {
  readonly feature: InternalRegistrationsFeature;
  readonly source: Source;
}

/** All that was declared, in the order in which it was added. */
export interface Registrations {
  readonly parts: readonly Part[];
  /** Failures of features that do not even say whose they are. */
  readonly problems: readonly EngineError[];
}

/** Never throws: a register callback that fails becomes a failure of its plugin or module. */
export function readRegistrations(features: readonly SourcedRegistrations[]): Registrations {
  const parts: Part[] = [];
  const problems: EngineError[] = [];
  for (let at = 0; at < features.length; at++) {
    const origin = features[at]!;
    try {
      const registrations = origin.feature.getRegistrations();
      for (let nr = 0; nr < registrations.length; nr++) parts.push(toPart(registrations[nr]!, origin));
    } catch (error) {
      const { pluginId, moduleId } = origin.feature;
      const subject = pluginId === undefined ? 'A feature' : subjectOf(pluginId, moduleId);
      const fields = { subject, source: String(origin.source), reason: reasonOf(error) };
      const failure = new EngineError('GR_REGISTER_FAILED', fields, { cause: error });
      if (pluginId === undefined) problems.push(failure);
      else parts.push(new Part(pluginId, moduleId, origin, undefined, undefined, failure));
    }
  }
  return { parts, problems };
}

function toPart(registration: FeatureRegistration, origin: SourcedRegistrations): Part {
  const { type, pluginId, init, extensionPoints }: Partial<FeatureRegistration> = registration ?? {};
  if (!type || !pluginId || !Array.isArray(extensionPoints) || !init?.deps || !init.func) {
    throw new EngineReason(
      `it declares ${describe(registration)}: type, pluginId, extensionPoints or init is missing`,
    );
  }
  const { moduleId } = registration as { moduleId?: string };
  const isModule = type === 'module-v1.1' || type === 'module';
  return new Part(pluginId, isModule ? moduleId : undefined, origin, extensionPointsOf(registration), init);
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
