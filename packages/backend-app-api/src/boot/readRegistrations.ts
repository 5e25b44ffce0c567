// Calls the register callbacks and normalises what they declare, whichever release of the contracts they use.
import type {
  ExtensionPointRegistration,
  FeatureRegistration,
  InternalRegistrationsFeature,
  InternalServiceRef,
} from '@greenroom/backend-plugin-api/internal';
import { describe, EngineError, EngineReason, inQuotes, reasonOf } from '../errors';
import { isPromise } from '../graph/isPromise';
import { Part, type Source } from './Part';

/** The feature of a plugin or module, with the place where it was added. */
export interface SourcedRegistrations {
  readonly feature: InternalRegistrationsFeature;
  readonly source: Source;
}

/**
 * Keeps the order in which everything was added. Never throws: a failing register callback becomes the failure of its
 * plugin or module, or one of the `problems` if its feature does not reveal them.
 */
export function readRegistrations(features: readonly SourcedRegistrations[], problems: EngineError[]) {
  const parts: Part[] = [];
  /** The references among all dependencies that have a default factory. Of thousands, these are few. */
  const asked: InternalServiceRef[] = [];
  features.forEach(origin => {
    try {
      const registrations: unknown = origin.feature.getRegistrations();
      if (!Array.isArray(registrations)) {
        // A rejection of the promise would only be a consequence of the mistake reported here.
        if (isPromise(registrations)) registrations.then(undefined, () => {});
        throw new EngineReason(`getRegistrations returned ${describe(registrations)}, not a list`);
      }
      for (let at = 0; at < registrations.length; at++) parts.push(toPart(registrations[at], origin, asked));
    } catch (error) {
      const { pluginId, moduleId } = origin.feature;
      const part = pluginId === undefined ? undefined : new Part(pluginId, moduleId, origin);
      const subject = part?.subject ?? 'A feature';
      const fields = { subject, source: String(origin.source), reason: reasonOf(error) };
      const failure = new EngineError('GR_REGISTER_FAILED', fields, { cause: error });
      if (part) {
        part.addProblem(failure);
        parts.push(part);
      } else problems.push(failure);
    }
  });
  return { parts, asked };
}

function toPart(
  registration: FeatureRegistration,
  origin: SourcedRegistrations,
  asked: InternalServiceRef[],
): Part {
  const { type, pluginId, init, extensionPoints }: Partial<FeatureRegistration> = registration ?? {};
  const isModule = type === 'module-v1.1' || type === 'module';
  const moduleId = isModule ? (registration as { moduleId?: string }).moduleId : undefined;
  const hasIds = isId(pluginId) && (!isModule || isId(moduleId));
  if (!type || !hasIds || !Array.isArray(extensionPoints) || !init?.deps || typeof init.func !== 'function') {
    const fields = `type, pluginId, ${isModule ? 'moduleId, ' : ''}extensionPoints or init`;
    throw new EngineReason(`it declares ${describe(registration)}: ${fields} is missing`);
  }
  const isOfToday = type === 'plugin-v1.1' || type === 'module-v1.1';
  const points = isOfToday ? extensionPoints : olderExtensionPoints(registration);
  for (let at = 0; at < points.length; at++) {
    if (isId(points[at]?.extensionPoint?.id) && typeof points[at]!.factory === 'function') continue;
    throw new EngineReason(`it declares ${describe(extensionPoints[at])}, which is not an extension point`);
  }
  for (const name in init.deps) {
    const ref = init.deps[name] as InternalServiceRef | undefined;
    if (ref?.__defaultFactory !== undefined) asked.push(ref);
  }
  return new Part(pluginId, moduleId, origin, points, init);
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Older releases pass the implementation itself. */
function olderExtensionPoints({ type, extensionPoints }: FeatureRegistration): ExtensionPointRegistration[] {
  if (type !== 'plugin' && type !== 'module')
    throw new EngineReason(`it declares a registration of the type ${inQuotes(type)}, which is unknown`);
  return extensionPoints.map(pair => ({ extensionPoint: pair?.[0], factory: () => pair[1] }));
}
