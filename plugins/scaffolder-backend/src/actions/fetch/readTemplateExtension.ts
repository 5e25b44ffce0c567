// Reads which files of a skeleton are templates.
import { InputError } from '@backstage/errors';

/** Returns `undefined` if all files are templates. Throws `InputError` if the inputs contradict each other. */
export function readTemplateExtension(input: {
  readonly templateFileExtension?: string | boolean;
  readonly copyWithoutRender?: readonly string[];
  readonly copyWithoutTemplating?: readonly string[];
  readonly cookiecutterCompat?: boolean;
}): string | undefined {
  const { templateFileExtension, copyWithoutRender, copyWithoutTemplating, cookiecutterCompat } = input;
  if (copyWithoutRender && copyWithoutTemplating) {
    throw new InputError('Give one of copyWithoutTemplating and copyWithoutRender: they exclude each other.');
  }
  if (!templateFileExtension) return undefined;
  if (copyWithoutRender || copyWithoutTemplating || cookiecutterCompat) {
    throw new InputError(
      'templateFileExtension says which files are templates, so it excludes copyWithoutTemplating, copyWithoutRender and cookiecutterCompat.',
    );
  }
  if (templateFileExtension === true) return '.njk';
  return templateFileExtension.startsWith('.') ? templateFileExtension : `.${templateFileExtension}`;
}
