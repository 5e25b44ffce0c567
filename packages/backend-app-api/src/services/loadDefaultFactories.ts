// Loads the default factories that service references name, for services that something asks for and nobody provides.
import type { InternalServiceRef } from '@greenroom/backend-plugin-api/internal';
import { describe, EngineError, EngineReason, reasonOf } from '../errors';
import type { SelectedFactories, SourcedFactory } from './selectFactories';

/** What the loading of default factories gave, by service id. Kept over a whole start, so that each is loaded once. */
export type LoadedDefaults = Map<string, SourcedFactory | EngineError>;

/**
 * Follows every reference that is asked for and adds what is missing to `selected`, each id once, all of one distance
 * in parallel. `builtIn` ids are left alone.
 */
export async function loadDefaultFactories(
  asked: Iterable<unknown>,
  selected: SelectedFactories,
  builtIn: ReadonlySet<string>,
  loaded: LoadedDefaults,
): Promise<void> {
  const seen = new Set(builtIn);
  for (let wave = [...asked]; wave.length > 0;) {
    const missing: InternalServiceRef[] = [];
    // Grows while it is read: what is already provided is followed at once, only loading starts another wave.
    for (const ref of wave) {
      if (!isServiceRef(ref) || seen.has(ref.id)) continue;
      seen.add(ref.id);
      const provided = selected.get(ref.id);
      if (provided) for (const one of provided) addDependencies(one, wave);
      else if (loaded.has(ref.id) || ref.__defaultFactory) missing.push(ref);
    }
    wave = [];
    const loading = missing.filter(({ id }) => !loaded.has(id));
    await Promise.all(loading.map(async ref => loaded.set(ref.id, await loadDefaultFactory(ref))));
    for (const { id } of missing) {
      const one = loaded.get(id)!;
      if (one instanceof EngineError) continue;
      selected.set(id, [one]);
      addDependencies(one, wave);
    }
  }
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

/** Adds what a factory depends on to the references that are followed. */
export function addDependencies({ factory }: SourcedFactory, refs: unknown[]): void {
  for (const name in factory.deps) refs.push(factory.deps[name]);
}

/** Tells a service reference by its marker, so that copies of the contracts package agree. */
export function isServiceRef(value: unknown): value is InternalServiceRef {
  const { $$type, id } = (value ?? {}) as Partial<InternalServiceRef>;
  return $$type === '@backstage/ServiceRef' && typeof id === 'string';
}
