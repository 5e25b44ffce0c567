// Reads the factories given when the backend was created, and rejects anything else.
import type { InternalBackendFeature } from '@greenroom/backend-plugin-api/internal';
import { EngineError } from '../errors';
import type { SourcedFactory } from '../services/selectFactories';
import { importFailed, openFeature } from './openFeature';

/** A service factory, or a function that returns one, with its origin. */
export interface GivenFactory extends Omit<SourcedFactory, 'factory'> {
  readonly factory: unknown;
}

/** Calls the functions among them. Anything wrong is added to `problems`. */
export function readGiven(given: readonly GivenFactory[], problems: EngineError[]): SourcedFactory[] {
  return given.flatMap(({ factory: one, origin, source }) => {
    const factory = openGiven(one, source);
    if (factory instanceof EngineError) problems.push(factory);
    else if (factory.featureType === 'service') return { factory, origin, source };
    else {
      const fields = { source: String(source), found: 'it is not a service factory' };
      problems.push(new EngineError('GR_FEATURE_UNSUPPORTED', fields));
    }
    return [];
  });
}

function openGiven(one: unknown, source: unknown): InternalBackendFeature | EngineError {
  try {
    return openFeature(typeof one === 'function' && !('$$type' in one) ? one() : one, source);
  } catch (error) {
    return importFailed(error, source);
  }
}
