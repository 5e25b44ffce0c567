// Decides whether a value is a feature that this engine can run, whichever implementation made it.
import {
  isFeature,
  unwrapFeature,
  type InternalBackendFeature,
} from '@greenroom/backend-plugin-api/internal';
import { describe, EngineError, inQuotes, reasonOf } from '../errors';

type Fields = { readonly [field in string]?: unknown };

/** The feature itself, or the one that a module exports; otherwise the error that says what is wrong. */
export function openFeature(given: unknown, source: unknown): InternalBackendFeature | EngineError {
  try {
    const value = asFeature(given);
    if (!value)
      return new EngineError('GR_FEATURE_INVALID', {
        source: String(source),
        found: foundIn(given),
      });
    const kind = value.featureType ?? olderKind(value);
    const found = wrongShape(value, kind);
    if (found) return new EngineError('GR_FEATURE_UNSUPPORTED', { source: String(source), found });
    if (value.featureType !== undefined) return value as unknown as InternalBackendFeature;
    // The feature may be frozen; its other fields stay visible through the prototype.
    return Object.create(value, { featureType: { value: kind, enumerable: true } }) as InternalBackendFeature;
  } catch (error) {
    // Packages that import each other may have a default export that can't be read yet.
    return importFailed(error, source);
  }
}

function asFeature(given: unknown): Fields | undefined {
  if (isFeature(given)) return given;
  const exported = unwrapFeature(given);
  return isFeature(exported) ? exported : undefined;
}

function foundIn(given: unknown): string {
  const value = unwrapFeature(given);
  const isWholeModule = value === given && Object(given) === given && 'default' in (given as object);
  return isWholeModule
    ? `a module whose default export is ${describe((given as { default: unknown }).default)}`
    : describe(value);
}

/** The error for a feature that could not be loaded. */
export function importFailed(error: unknown, source: unknown): EngineError {
  const fields = { source: String(source), reason: reasonOf(error) };
  return new EngineError('GR_FEATURE_IMPORT_FAILED', fields, { cause: error });
}

/** Older releases did not name the feature type; the fields give it away. */
function olderKind(value: Fields): string | undefined {
  if (typeof value.getRegistrations === 'function') return 'registrations';
  return 'service' in value ? 'service' : undefined;
}

function wrongShape(value: Fields, kind: unknown): string | undefined {
  if (value.version !== 'v1') return `it claims ${claim('version', value.version)}`;
  let method;
  if (kind === 'registrations') method = 'getRegistrations';
  else if (kind === 'loader') method = 'loader';
  else if (kind === 'service') method = 'factory';
  else return `it claims version 'v1' and ${claim('feature type', kind, ', which is unknown')}`;

  const { service } = value as { service?: { id?: unknown } | null };
  if (kind === 'service' && typeof service?.id !== 'string') return `its 'service' is ${describe(service)}`;
  return typeof value[method] === 'function' ? undefined : `its '${method}' is ${describe(value[method])}`;
}

function claim(word: string, value: unknown, remark = ''): string {
  return value === undefined ? `no ${word}` : `${word} ${inQuotes(value)}${remark}`;
}
