// What a task does: the template as it was when the task was created, with the values that were given.
import type { ScaffolderTask, ScaffolderTaskStep, TemplateInfo } from '@greenroom/plugin-scaffolder-node';
import type { TemplateSpec, TemplateStep } from './TemplateSpec';

/** Stored with the task and returned by the API: it contains no secrets. */
export type TaskSpec = Omit<ScaffolderTask['spec'], 'steps' | 'templateInfo'> &
  Pick<TemplateSpec, 'EXPERIMENTAL_recovery'> & { steps: TaskStep[]; templateInfo: TemplateInfo };

/** Like a step of a template, but always with an id and a name. The tags decide who may retry the task. */
export type TaskStep = ScaffolderTaskStep & Pick<TemplateStep, 'backstage:permissions'>;

/** Creates the spec of a task. `parameters` must already be validated. */
export function createTaskSpec(
  template: TemplateSpec,
  given: Pick<TaskSpec, 'parameters' | 'templateInfo' | 'user'>,
): TaskSpec {
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    parameters: given.parameters,
    steps: template.steps.map((step, index) => {
      const { name, action, input, if: condition, each } = step;
      const permissions = step['backstage:permissions'];
      return {
        id: idOf(step, index),
        name: name ?? action,
        action,
        input,
        if: condition,
        each,
        ...(permissions && { 'backstage:permissions': permissions }),
      };
    }),
    output: template.output ?? {},
    templateInfo: given.templateInfo,
    user: given.user,
    ...(template.EXPERIMENTAL_recovery && { EXPERIMENTAL_recovery: template.EXPERIMENTAL_recovery }),
  };
}

function idOf({ id }: TemplateStep, index: number): string {
  return id ?? `step-${index + 1}`;
}

/** The steps, with the tags that they have in the template by now where they have none: earlier releases kept none. */
export function withTags(steps: readonly TaskStep[], template: readonly TemplateStep[]): TaskStep[] {
  return steps.map(step => {
    const current = template.find((one, index) => idOf(one, index) === step.id && one.action === step.action);
    return { 'backstage:permissions': current?.['backstage:permissions'], ...step };
  });
}
