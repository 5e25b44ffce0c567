// All extension points of a backend: who registered each, who may use it, and the error if one is missing.
import { nearestId } from '@greenroom/backend-plugin-api/internal';
import { addedAt, EngineError, subject } from '../errors';
import { none, type ExtensionPointPlan, type Part } from './Part';

/** Indexed by id. Only modules of the same plugin can see what was registered for it. */
export class ExtensionPoints {
  readonly #byId = new Map<string, ExtensionPointPlan>();

  /** Adds what a part registers. An id that its plugin already has is an error, and the first registration stays. */
  add(part: Part): readonly EngineError[] {
    let problems: readonly EngineError[] = none;
    for (let at = 0; at < part.extensionPoints.length; at++) {
      const { extensionPoint, factory } = part.extensionPoints[at]!;
      const { id } = extensionPoint;
      const first = this.#byId.get(id);
      const point: ExtensionPointPlan = {
        id,
        registeredBy: part,
        factory,
        next: first?.next,
        use: undefined,
      };
      const known = first && this.find(id, part.pluginId);
      if (known) problems = [...problems, duplicate(known, point)];
      else if (first) first.next = point;
      else this.#byId.set(id, point);
      part.provides = part.provides === none ? [point] : [...part.provides, point];
    }
    return problems;
  }

  /** The extension point that modules of a plugin see under this id. */
  find(id: string, pluginId: string): ExtensionPointPlan | undefined {
    let point = this.#byId.get(id);
    while (point && point.registeredBy.pluginId !== pluginId) point = point.next;
    return point;
  }

  /** The error for a missing extension point: nobody registers it, or another plugin does. */
  missing(consumer: Part, id: string): EngineError {
    const fields = { subject: consumer.subject, id, pluginId: consumer.pluginId };
    const owner = this.#byId.get(id)?.registeredBy;
    if (owner) {
      const foreign = { ...fields, registeredBy: owner.subject, ownerPlugin: owner.pluginId };
      return new EngineError('GR_EXTENSION_POINT_FOREIGN', foreign, addedAt(consumer));
    }
    const missing = { ...fields, ...nearestId(id, this.#byId.keys()) };
    return new EngineError('GR_EXTENSION_POINT_MISSING', missing, addedAt(consumer));
  }
}

function duplicate(first: ExtensionPointPlan, second: ExtensionPointPlan): EngineError {
  const by = ({ registeredBy }: ExtensionPointPlan) =>
    `${registeredBy.subject} (added at ${registeredBy.source})`;
  const fields = { subject: subject('extension point', first.id), first: by(first), second: by(second) };
  return new EngineError('GR_EXTENSION_POINT_DUPLICATE', fields);
}
