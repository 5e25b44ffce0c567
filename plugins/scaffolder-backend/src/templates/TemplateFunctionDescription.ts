// What is told of a filter or a function of the template language. Types only.
import type { JsonValue } from '@backstage/types';
import type { TemplateFunctionExample } from '@greenroom/plugin-scaffolder-node';

/** What is told of a filter or a function. */
export interface TemplateFunctionDescription {
  description?: string;
  schema?: { input?: JsonValue; arguments?: JsonValue[]; output?: JsonValue };
  examples?: TemplateFunctionExample[];
}
