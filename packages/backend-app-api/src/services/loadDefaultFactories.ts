// Loads the default factories that service references name, for services that something asks for and nobody provides.
import type { InternalServiceRef } from '@greenroom/backend-plugin-api/internal';
import { describe, EngineError, reasonOf } from '../errors';
import type { SelectedFactories, SourcedFactory } from './selectFactories';

/** Which default factories could not be loaded, by service id. */
export type FailedDefaults = Map<string, EngineError>;

/**
 * Follows every reference that is asked for and adds what is missing to `selected`, each id once, all of one distance
 * in parallel. `builtIn` ids are left alone.
 */
export async function loadDefaultFactories(
  asked: Iterable<unknown>,
  selected: SelectedFactories,
  builtIn: ReadonlySet<string>,
): Promise<FailedDefaults> {
  const failed: FailedDefaults = new Map();
  const seen = new Set(builtIn);
  let wave = [...asked];

  while (wave.length > 0) {
    const loading: Promise<SourcedFactory | undefined>[] = [];
    // Grows while it is read: what is already provided is followed at once, only loading starts another wave.
    for (const ref of wave) {
      if (!isServiceRef(ref) || seen.has(ref.id)) continue;
      seen.add(ref.id);
      const provided = selected.get(ref.id);
      if (provided) wave.push(...provided.flatMap(dependencies));
      else if (ref.__defaultFactory) loading.push(loadDefaultFactory(ref, failed));
    }
    wave = [];
    if (loading.length === 0) break;
    for (const loaded of await Promise.all(loading)) {
      if (!loaded) continue;
      selected.set(loaded.factory.service.id, [loaded]);
      wave.push(...dependencies(loaded));
    }
  }
  return failed;
}

async function loadDefaultFactory(
  ref: InternalServiceRef,
  failed: FailedDefaults,
): Promise<SourcedFactory | undefined> {
  try {
    const made: unknown = await ref.__defaultFactory!(ref);
    // Older references give a function that returns the factory.
    const factory = (
      typeof made === 'function' && !('service' in made) ? made() : made
    ) as SourcedFactory['factory'];
    if (factory?.service?.id !== ref.id) {
      const found = factory?.service?.id ? `a factory of service '${factory.service.id}'` : describe(made);
      throw new Error(`it gave ${found}`);
    }
    return { factory, origin: 'reference', source: 'the default factory of the reference' };
  } catch (error) {
    const fields = { id: ref.id, reason: reasonOf(error) };
    failed.set(ref.id, new EngineError('GR_DEFAULT_FACTORY_FAILED', fields, { cause: error }));
    return undefined;
  }
}

function dependencies({ factory }: SourcedFactory): unknown[] {
  return Object.values(factory.deps ?? {});
}

/** Tells a service reference by its marker, so that copies of the contracts package agree. */
export function isServiceRef(value: unknown): value is InternalServiceRef {
  return (value as InternalServiceRef | undefined)?.$$type === '@backstage/ServiceRef';
}
