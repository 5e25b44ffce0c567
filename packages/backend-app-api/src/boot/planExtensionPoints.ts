// Gathers the extension points of one plugin, and words what is wrong where one is missing.
import { addedAt, EngineError, subject } from '../errors';
import { nearestId } from '../services/nearestId';
import type { ExtensionPointPlan } from './BackendPlan';
import type { InternalExtensionPointFactoryMiddleware } from './createExtensionPointFactoryMiddleware';
import type { Registered } from './readRegistrations';

/** Everything that was declared in the backend, to look for an extension point that is missing where it is needed. */
export interface ExtensionPointIndex {
  readonly registered: readonly Registered[];
}

/** The extension points of a plugin by id. Those registered twice are pushed to `problems`. */
export function planExtensionPoints(
  plugin: Registered,
  modules: readonly Registered[],
  middleware: readonly InternalExtensionPointFactoryMiddleware[],
  problems: EngineError[],
): Map<string, ExtensionPointPlan> {
  const points = new Map<string, ExtensionPointPlan>();
  const add = (registeredBy: Registered) => {
    for (const { extensionPoint, factory } of registeredBy.extensionPoints) {
      const { id } = extensionPoint;
      const known = points.get(id);
      if (known) {
        const fields = {
          subject: subject('extension point', id),
          first: `${known.registeredBy.subject} (added at ${known.registeredBy.source})`,
          second: `${registeredBy.subject} (added at ${registeredBy.source})`,
        };
        problems.push(new EngineError('GR_EXTENSION_POINT_DUPLICATE', fields));
        continue;
      }
      points.set(id, { id, registeredBy, factory, middleware: wrappersOf(id, middleware) });
    }
  };
  add(plugin);
  modules.forEach(add);
  return points;
}

const none: ReadonlyArray<(original: unknown) => unknown> = [];

function wrappersOf(id: string, middleware: readonly InternalExtensionPointFactoryMiddleware[]) {
  if (middleware.length === 0) return none;
  return middleware
    .filter(one => one.extensionPoint.id === id)
    .map(one => (original: unknown) => one.middleware(original));
}

/** Says whether nobody registers the extension point, or another plugin does. */
export function missingExtensionPoint(
  consumer: Registered,
  id: string,
  { registered }: ExtensionPointIndex,
): EngineError {
  const owner = registered.find(one => one.extensionPoints.some(point => point.extensionPoint.id === id));
  const fields = { subject: consumer.subject, id, pluginId: consumer.pluginId };
  if (owner) {
    const ownerPlugin = owner.pluginId;
    const foreign = { ...fields, registeredBy: owner.subject, ownerPlugin };
    return new EngineError('GR_EXTENSION_POINT_FOREIGN', foreign, addedAt(consumer));
  }
  const known = registered.flatMap(one => one.extensionPoints.map(point => point.extensionPoint.id));
  const missing = { ...fields, ...nearestId(id, known) };
  return new EngineError('GR_EXTENSION_POINT_MISSING', missing, addedAt(consumer));
}
