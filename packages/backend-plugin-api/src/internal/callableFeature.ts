// Makes a feature callable: a function that carries the feature's fields and returns itself.
import type { BackendFeature, CallableFeature } from '../features/BackendFeature';

/** Returns a feature with `fields`, which can be used directly or called without arguments. */
export function callableFeature<TFeature extends BackendFeature>(
  fields: TFeature,
): CallableFeature<TFeature> {
  const feature: CallableFeature<TFeature> = Object.assign((): TFeature => feature, fields);
  return feature;
}
