// Returns the form of a template as user interfaces and terminals expect it.
import type { JsonObject } from '@backstage/types';
import type { ScaffolderTemplateForm } from '@greenroom/plugin-scaffolder-node';
import { pagesOf, type TemplateEntity } from './TemplateSpec';

/** A page without a title gets a generic one. */
export function parameterSchemaOf({
  metadata,
  spec,
}: TemplateEntity): ScaffolderTemplateForm & { formDecorators?: JsonObject[] } {
  const { presentation, EXPERIMENTAL_formDecorators, formDecorators = EXPERIMENTAL_formDecorators } = spec;
  return {
    title: metadata.title ?? metadata.name,
    description: metadata.description,
    ...(presentation && { presentation }),
    steps: pagesOf(spec).map(({ when, ...schema }) => {
      const { title, description } = schema;
      return {
        title: typeof title === 'string' ? title : 'Please enter the following information',
        ...(typeof description === 'string' && { description }),
        when,
        schema,
      };
    }),
    ...(formDecorators && { formDecorators }),
  };
}
