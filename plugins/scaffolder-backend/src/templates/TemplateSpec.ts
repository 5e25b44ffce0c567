// The types of templates: entities of kind Template, scaffolder.backstage.io/v1beta3.
import type { Entity } from '@backstage/catalog-model';
import type { JsonArray, JsonObject } from '@backstage/types';
import { isObject } from '../isObject';

/** An entity of kind Template. */
export interface TemplateEntity extends Entity {
  apiVersion: 'scaffolder.backstage.io/v1beta3';
  kind: 'Template';
  spec: TemplateSpec;
}

/** The spec of a template: its form, steps and output. */
export interface TemplateSpec extends JsonObject {
  type: string;
  owner?: string;
  lifecycle?: string;
  /** The form: a single page, or an array of pages. */
  parameters?: TemplatePage | TemplatePage[];
  /** The schema for the secrets of a task. */
  secrets?: { schema?: JsonObject };
  steps: TemplateStep[];
  /** Rendered like the inputs of steps. `links` and `text` are shown when a task is done. */
  output?: JsonObject;
  presentation?: JsonObject;
  /** Run by the form over its values before it submits them. */
  formDecorators?: JsonObject[];
  EXPERIMENTAL_formDecorators?: JsonObject[];
  EXPERIMENTAL_recovery?: { EXPERIMENTAL_strategy?: 'none' | 'startOver' };
}

/** A page of the form: a JSON schema of an object, and the condition for showing it. */
export interface TemplatePage extends JsonObject {
  when?: string | boolean;
  'backstage:permissions'?: { tags?: string[] };
}

/** A step, which runs an action. */
export interface TemplateStep extends JsonObject {
  /** Under which other steps find its output. Defaults to `step-<number>`. */
  id?: string;
  name?: string;
  action: string;
  /** Rendered before the step runs. */
  input?: JsonObject;
  /** The step is skipped if this is false, or a template with a false result. */
  if?: string | boolean;
  /** Runs the step once per item of an array or object, as `each.key` and `each.value`. */
  each?: string | JsonArray | JsonObject;
  'backstage:permissions'?: { tags?: string[] };
}

/** The pages of a template's form; empty if it has none. */
export function pagesOf({ parameters }: Pick<TemplateSpec, 'parameters'>): TemplatePage[] {
  return [parameters ?? []].flat();
}

/** Whether an entity is a template that the scaffolder can run. */
export function isTemplateEntity(entity: Entity): entity is TemplateEntity {
  const { parameters, steps, output } = entity.spec ?? {};
  return (
    entity.kind.toLowerCase() === 'template' &&
    entity.apiVersion === 'scaffolder.backstage.io/v1beta3' &&
    Array.isArray(steps) &&
    steps.every(step => typeof (step as JsonObject | null)?.action === 'string') &&
    [parameters ?? []].flat().every(isObject) &&
    typeof (output ?? {}) === 'object'
  );
}
