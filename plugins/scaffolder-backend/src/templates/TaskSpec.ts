// What a task was created to do: a template, with the values that somebody gave.
import type { ScaffolderTask, ScaffolderTaskStep } from '@greenroom/plugin-scaffolder-node';
import type { TemplateSpec } from './TemplateSpec';

/** Kept with the task, and served: it has no secrets. */
export type TaskSpec = ScaffolderTask['spec'] & Pick<TemplateSpec, 'EXPERIMENTAL_recovery'>;

/** A step of a task: as in the template, with an id and a name in any case. */
export type TaskStep = ScaffolderTaskStep;

/** The task for a template; `parameters` have been found valid. */
export function createTaskSpec(
  template: TemplateSpec,
  given: Pick<TaskSpec, 'parameters' | 'templateInfo' | 'user'>,
): TaskSpec {
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    parameters: given.parameters,
    steps: template.steps.map((step, index) => {
      const { id = `step-${index + 1}`, name, action, input, if: condition, each } = step;
      return { id, name: name ?? action, action, input, if: condition, each };
    }),
    output: template.output ?? {},
    templateInfo: given.templateInfo,
    user: given.user,
    ...(template.EXPERIMENTAL_recovery && { EXPERIMENTAL_recovery: template.EXPERIMENTAL_recovery }),
  };
}
