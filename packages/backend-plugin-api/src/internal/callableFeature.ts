// Turns the fields of a feature into a function that carries them and gives itself.
import type { BackendFeature, CallableFeature } from '../features/BackendFeature';

/** The feature with `fields`, usable as it is and as a function without arguments. */
export function callableFeature<TFeature extends BackendFeature>(
  fields: TFeature,
): CallableFeature<TFeature> {
  const feature: CallableFeature<TFeature> = Object.assign((): TFeature => feature, fields);
  return feature;
}
