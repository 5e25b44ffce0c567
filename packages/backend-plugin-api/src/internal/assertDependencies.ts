// Refuses dependencies that are no references, where they are declared and not where they are first used.
import type { DependencyRefs } from './features';
import { GreenroomError } from './errors';

/** Throws `GR_INVALID_REFERENCE` for the first of `deps` that is no reference; `word` gives the subject for its message. */
export function assertDependencies<T>(deps: DependencyRefs, subject: T, word: (subject: T) => string): void {
  for (const name in deps) assertReference(deps[name], name, subject, word, 'depends on');
}

/** Throws `GR_INVALID_REFERENCE` for what is neither a service reference nor an extension point. */
export function assertReference<T>(
  ref: { $$type?: unknown; id?: unknown } | null | undefined,
  name: string,
  subject: T,
  word: (subject: T) => string,
  verb: string,
): void {
  const type = ref?.$$type;
  if (
    (type === '@backstage/ServiceRef' || type === '@backstage/ExtensionPoint') &&
    typeof ref!.id === 'string'
  ) {
    return;
  }
  throw new GreenroomError({
    code: 'GR_INVALID_REFERENCE',
    message: `${word(subject)} ${verb} '${name}', which is ${ref === undefined ? 'undefined' : 'no reference'}`,
    hint: 'Pass a service reference or an extension point; an undefined one is often a circular import.',
  });
}
