// Turns whatever a feature loader may return into a flat list of features.
import type { BackendFeature } from '../features/BackendFeature';
import { describe } from './describe';
import { GreenroomError } from './errors';
import { isFeature, unwrapFeature } from './unwrapFeature';

/** Awaits and unwraps the result of a loader, keeping the order. `subject` names the loader in errors. */
export async function flattenLoaded(result: unknown, subject: string): Promise<BackendFeature[]> {
  const items = await result;
  if (isAsyncIterable(items)) {
    const features: BackendFeature[] = [];
    for await (const item of items) features.push(toFeature(item, features.length, subject));
    return features;
  }
  if (isIterable(items)) {
    const loaded = await Promise.all(collect(items));
    return loaded.map((item, index) => toFeature(item, index, subject));
  }
  throw new GreenroomError({
    code: 'GR_LOADER_RESULT',
    message: `${subject} returned ${isFeature(items) ? 'a single feature' : describe(items)} instead of a list of features`,
    hint: 'Return an array, or write the loader as a generator that yields features.',
  });
}

function toFeature(item: unknown, index: number, subject: string): BackendFeature {
  const feature = unwrapFeature(item);
  if (isFeature(feature)) return feature;
  throw new GreenroomError({
    code: 'GR_LOADER_RESULT',
    message: `${subject} returned ${describe(item)} as item ${index}, which is not a backend feature`,
    hint: 'Each item must be a feature, or a module or a promise of a module whose default export is one.',
  });
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
    // Promises yielded before the error may still reject, and nobody else would handle that.
    void Promise.allSettled(collected);
    throw error;
  }
  return collected;
}
