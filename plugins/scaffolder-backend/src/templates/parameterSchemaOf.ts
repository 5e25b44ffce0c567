// The form of a template, in the shape in which user interfaces and terminals get it.
import type { JsonObject } from '@backstage/types';
import type { TemplateEntity } from './TemplateSpec';

/** The form: a title, and its pages. */
export interface ParameterSchema {
  title: string;
  description?: string;
  presentation?: JsonObject;
  steps: Array<{ title: string; description?: string; when?: string | boolean; schema: JsonObject }>;
  formDecorators?: JsonObject[];
}

/** A page without a title gets a general one. */
export function parameterSchemaOf({ metadata, spec }: TemplateEntity): ParameterSchema {
  const { presentation, EXPERIMENTAL_formDecorators, formDecorators = EXPERIMENTAL_formDecorators } = spec;
  return {
    title: metadata.title ?? metadata.name,
    ...(metadata.description !== undefined && { description: metadata.description }),
    ...(presentation && { presentation }),
    steps: [spec.parameters ?? []].flat().map(page => {
      const { when, ...schema } = page;
      const { title, description } = schema;
      return {
        title: typeof title === 'string' ? title : 'Please enter the following information',
        ...(typeof description === 'string' && { description }),
        ...(when !== undefined && { when }),
        schema,
      };
    }),
    ...(formDecorators && { formDecorators }),
  };
}
