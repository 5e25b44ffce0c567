// Refuses dependencies that are no references, where they are declared and not where they are first used.
import type { DependencyRefs } from './features';
import { GreenroomError } from './errors';

/** Throws `GR_INVALID_REFERENCE` for the first of `deps` that is neither a service reference nor an extension point. */
export function assertDependencies(deps: DependencyRefs, subject: () => string, verb = 'depends on'): void {
  for (const name in deps) {
    const ref: { $$type?: unknown; id?: unknown } | null | undefined = deps[name];
    if (
      (ref?.$$type === '@backstage/ServiceRef' || ref?.$$type === '@backstage/ExtensionPoint') &&
      typeof ref.id === 'string'
    ) {
      continue;
    }
    throw new GreenroomError({
      code: 'GR_INVALID_REFERENCE',
      message: `${subject()} ${verb} '${name}', which is ${ref === undefined ? 'undefined' : 'no reference'}`,
      hint: 'Pass a service reference or an extension point; an undefined one is often a circular import.',
    });
  }
}
