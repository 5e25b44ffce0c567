// The rules for IDs.
import { describe } from './describe';
import { GreenroomError } from './errors';

const featureIdPattern = /^[A-Za-z][A-Za-z0-9-]*$/;

/** Throws unless the ID of a plugin or module consists of letters, digits and dashes, starting with a letter. */
export function assertFeatureId(
  id: unknown,
  field: 'pluginId' | 'moduleId',
  subject: string,
): asserts id is string {
  if (typeof id === 'string' && featureIdPattern.test(id)) return;
  throw new GreenroomError({
    code: 'GR_INVALID_ID',
    message: `${subject} has the ${field} ${show(id)}, which is not a valid ID`,
    hint: `Use letters, digits and dashes, starting with a letter: '${suggest(id)}'.`,
  });
}

/** Throws unless the ID of a service or extension point is a non-empty string. */
export function assertReferenceId(id: unknown, subject: string): asserts id is string {
  if (typeof id === 'string' && id !== '') return;
  throw new GreenroomError({
    code: 'GR_INVALID_ID',
    message: `${subject} has the ID ${show(id)}, which is not a valid ID`,
    hint: "Give it a name that is unique over the whole backend, such as 'catalog.processing'.",
  });
}

function show(id: unknown): string {
  return typeof id === 'string' ? `'${id}'` : describe(id);
}

function suggest(id: unknown): string {
  const candidate =
    typeof id === 'string' ? id.replace(/^[^A-Za-z]+/, '').replace(/[^A-Za-z0-9]+/g, '-') : '';
  return candidate.replace(/-$/, '') || 'my-plugin';
}
