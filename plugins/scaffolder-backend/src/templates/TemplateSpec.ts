// Templates as their authors write them: entities of kind Template, scaffolder.backstage.io/v1beta3.
import type { Entity } from '@backstage/catalog-model';
import type { JsonArray, JsonObject } from '@backstage/types';

/** An entity of kind Template. */
export interface TemplateEntity extends Entity {
  apiVersion: 'scaffolder.backstage.io/v1beta3';
  kind: 'Template';
  spec: TemplateSpec;
}

/** What a template asks for, does and gives. */
export interface TemplateSpec extends JsonObject {
  type: string;
  owner?: string;
  lifecycle?: string;
  /** The form: one page, or one a page. */
  parameters?: TemplatePage | TemplatePage[];
  /** What has to be in the secrets of a task. */
  secrets?: { schema?: JsonObject };
  steps: TemplateStep[];
  /** Templated like the inputs of steps; `links` and `text` are shown when a task is done. */
  output?: JsonObject;
  presentation?: JsonObject;
  /** What a form runs over its values before they are sent. */
  formDecorators?: JsonObject[];
  EXPERIMENTAL_formDecorators?: JsonObject[];
  EXPERIMENTAL_recovery?: { EXPERIMENTAL_strategy?: 'none' | 'startOver' };
}

/** A page of the form: a JSON schema of an object, and when it is shown. */
export interface TemplatePage extends JsonObject {
  when?: string | boolean;
  'backstage:permissions'?: { tags?: string[] };
}

/** One use of an action. */
export interface TemplateStep extends JsonObject {
  /** By which outputs are named; `step-<number>` where it is missing. */
  id?: string;
  name?: string;
  action: string;
  /** Templated. */
  input?: JsonObject;
  /** A step is left out when it is false, or a template that gives nothing true. */
  if?: string | boolean;
  /** The step is run once for each item of a list or object: `each.key`, `each.value`. */
  each?: string | JsonArray | JsonObject;
  'backstage:permissions'?: { tags?: string[] };
}

/** The pages of a template's form; none if it asks for nothing. */
export function pagesOf({ parameters }: Pick<TemplateSpec, 'parameters'>): TemplatePage[] {
  return [parameters ?? []].flat();
}

/** Whether an entity is a template that the scaffolder can use. */
export function isTemplateEntity(entity: Entity): entity is TemplateEntity {
  const { steps, output } = entity.spec ?? {};
  return (
    entity.kind.toLowerCase() === 'template' &&
    entity.apiVersion === 'scaffolder.backstage.io/v1beta3' &&
    Array.isArray(steps) &&
    steps.every(step => typeof (step as JsonObject | null)?.action === 'string') &&
    typeof (output ?? {}) === 'object'
  );
}
