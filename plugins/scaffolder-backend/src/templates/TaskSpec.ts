// What a task was created to do: a template, with the values that somebody gave.
import type { UserEntity } from '@backstage/catalog-model';
import type { JsonArray, JsonObject } from '@backstage/types';
import type { TemplateInfo } from '@greenroom/plugin-scaffolder-node';
import type { TemplateSpec } from './TemplateSpec';

/** Kept with the task, and served: it has no secrets. */
export interface TaskSpec {
  apiVersion: 'scaffolder.backstage.io/v1beta3';
  parameters: JsonObject;
  steps: TaskStep[];
  output: JsonObject;
  templateInfo?: TemplateInfo;
  user?: { entity?: UserEntity; ref?: string };
  EXPERIMENTAL_recovery?: { EXPERIMENTAL_strategy?: 'none' | 'startOver' };
}

/** A step of a task: as in the template, with an id and a name in any case. */
export interface TaskStep {
  id: string;
  name: string;
  action: string;
  input?: JsonObject;
  if?: string | boolean;
  each?: string | JsonArray | JsonObject;
}

/** The task for a template; `parameters` have been found valid. */
export function createTaskSpec(
  template: TemplateSpec,
  options: { parameters: JsonObject; user?: TaskSpec['user']; templateInfo?: TemplateInfo },
): TaskSpec {
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    parameters: options.parameters,
    steps: template.steps.map((step, index) => {
      const { id = `step-${index + 1}`, name, action, input, if: condition, each } = step;
      return {
        id,
        name: name ?? action,
        action,
        ...(input !== undefined && { input }),
        ...(condition !== undefined && { if: condition }),
        ...(each !== undefined && { each }),
      };
    }),
    output: template.output ?? {},
    ...(options.templateInfo && { templateInfo: options.templateInfo }),
    ...(options.user && { user: options.user }),
    ...(template.EXPERIMENTAL_recovery && { EXPERIMENTAL_recovery: template.EXPERIMENTAL_recovery }),
  };
}
