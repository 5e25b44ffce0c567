// Rejects invalid references where they are declared, rather than where they are first used.
import { GreenroomError } from './errors';

type References = { readonly [name in string]?: { readonly $$type?: unknown; readonly id?: unknown } | null };

/**
 * Throws `GR_INVALID_REFERENCE` for the first of `refs` that is neither a service reference nor an extension point.
 * `word` returns the subject of the message.
 */
export function assertReferences<T>(
  refs: References,
  subject: T,
  word: (subject: T) => string,
  verb = 'depends on',
): void {
  for (const name in refs) {
    const ref = refs[name];
    const type = ref && typeof ref.id === 'string' && ref.$$type;
    if (type === '@backstage/ServiceRef' || type === '@backstage/ExtensionPoint') continue;
    throw new GreenroomError({
      code: 'GR_INVALID_REFERENCE',
      message: `${word(subject)} ${verb} '${name}', which is ${ref === undefined ? 'undefined' : 'no reference'}`,
      hint: 'Pass a service reference or an extension point; an undefined one is often a circular import.',
    });
  }
}
