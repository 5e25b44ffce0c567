// Tells service references, and loads the default factories that they name.
import type { InternalServiceRef } from '@greenroom/backend-plugin-api/internal';
import { describe, EngineError, EngineReason, reasonOf } from '../errors';
import type { SourcedFactory } from './selectFactories';

/** What the loading of default factories gave, by service id. Kept over a whole start, so that each is loaded once. */
export type LoadedDefaults = Map<string, SourcedFactory | EngineError>;

/** Loads the default factories of these references that are not in `loaded` yet, of several for one id the first. */
export async function loadDefaultFactories(
  refs: readonly InternalServiceRef[],
  loaded: LoadedDefaults,
): Promise<void> {
  const loading = new Map<string, Promise<void>>();
  for (const ref of refs) {
    if (loaded.has(ref.id) || loading.has(ref.id)) continue;
    const load = async () => void loaded.set(ref.id, await loadDefaultFactory(ref));
    loading.set(ref.id, load());
  }
  await Promise.all(loading.values());
}

async function loadDefaultFactory(ref: InternalServiceRef): Promise<SourcedFactory | EngineError> {
  try {
    const made: unknown = await ref.__defaultFactory!(ref);
    // Older references give a function that returns the factory.
    const factory = (
      typeof made === 'function' && !('service' in made) ? made() : made
    ) as SourcedFactory['factory'];
    const id = typeof factory?.factory === 'function' ? factory.service?.id : undefined;
    if (id !== ref.id) {
      const found = id === undefined ? describe(made) : `a factory of service '${id}'`;
      throw new EngineReason(`it gave ${found}`);
    }
    return { factory, origin: 'reference', source: 'the default factory of the reference' };
  } catch (error) {
    const fields = { id: ref.id, reason: reasonOf(error) };
    return new EngineError('GR_DEFAULT_FACTORY_FAILED', fields, { cause: error });
  }
}

/** Tells a service reference by its marker, so that copies of the contracts package agree. */
export function isServiceRef(value: unknown): value is InternalServiceRef {
  const { $$type, id } = (value ?? {}) as Partial<InternalServiceRef>;
  return $$type === '@backstage/ServiceRef' && typeof id === 'string';
}
