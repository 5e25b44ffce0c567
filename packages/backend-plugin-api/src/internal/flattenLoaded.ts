// Brings everything that a feature loader may return into one flat list of features.
import type { BackendFeature } from '../features/BackendFeature';
import { GreenroomError } from './errors';

/** Awaits and unwraps the result of a loader; `subject` names the loader in errors. Keeps the order. */
export async function flattenLoaded(result: unknown, subject: string): Promise<BackendFeature[]> {
  const items = await result;
  if (isAsyncIterable(items)) {
    const features: BackendFeature[] = [];
    for await (const item of items) features.push(unwrapFeature(item, features.length, subject));
    return features;
  }
  if (isIterable(items)) {
    const loaded = await Promise.all(collect(items));
    return loaded.map((item, index) => unwrapFeature(item, index, subject));
  }
  throw new GreenroomError({
    code: 'GR_LOADER_RESULT',
    message: `${subject} returned ${describe(items)} instead of a list of features`,
    hint: 'Return an array, or write the loader as a generator that yields features.',
  });
}

function unwrapFeature(item: unknown, index: number, subject: string): BackendFeature {
  // CommonJS interop may wrap the default export of a dynamic import a second time.
  let candidate = item as { $$type?: unknown; default?: unknown } | null | undefined;
  for (let depth = 0; depth < 2 && candidate && !isFeature(candidate); depth++) {
    candidate = candidate.default as typeof candidate;
  }
  if (isFeature(candidate)) return candidate;
  throw new GreenroomError({
    code: 'GR_LOADER_RESULT',
    message: `${subject} returned ${describe(item)} as item ${index}, which is no backend feature`,
    hint: 'Each item must be a feature, or a module or a promise of a module whose default export is one.',
  });
}

function isFeature(value: unknown): value is BackendFeature {
  return (value as Partial<BackendFeature> | null | undefined)?.$$type === '@backstage/BackendFeature';
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function collect(items: Iterable<unknown>): unknown[] {
  const collected: unknown[] = [];
  try {
    for (const item of items) collected.push(item);
  } catch (error) {
    // What the generator yielded before it threw may still reject, with nobody left to listen.
    void Promise.allSettled(collected);
    throw error;
  }
  return collected;
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `the string '${value}'`;
  if (isFeature(value)) return 'a single feature';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value).slice(0, 5);
    return keys.length
      ? `an object with ${keys.map(key => `'${key}'`).join(', ')}`
      : 'an object without keys';
  }
  return String(value);
}
