// What a task does: the template as it was when the task was created, with the values that were given.
import type { ScaffolderTask, ScaffolderTaskStep, TemplateInfo } from '@greenroom/plugin-scaffolder-node';
import type { TemplateSpec, TemplateStep } from './TemplateSpec';

/** Stored with the task and returned by the API: it contains no secrets. */
export type TaskSpec = Omit<ScaffolderTask['spec'], 'steps' | 'templateInfo'> &
  Pick<TemplateSpec, 'EXPERIMENTAL_recovery'> & { steps: TaskStep[]; templateInfo: TemplateInfo };

/** Like a step of a template, but always with an id and a name. Its tags, also none, decide who may retry the task. */
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
      return {
        id: step.id ?? `step-${index + 1}`,
        name: name ?? action,
        action,
        input,
        if: condition,
        each,
        'backstage:permissions': step['backstage:permissions'] ?? {},
      };
    }),
    output: template.output ?? {},
    templateInfo: given.templateInfo,
    user: given.user,
    ...(template.EXPERIMENTAL_recovery && { EXPERIMENTAL_recovery: template.EXPERIMENTAL_recovery }),
  };
}

/**
 * The steps, with the tags that they have in the template by now if earlier releases created the task, which kept none.
 * They numbered steps without ids after leaving out those that were hidden, so one that is numbered may be any such
 * step: then there is one of each, and who runs the task must be able to see all of them.
 */
export function withTags(steps: readonly TaskStep[], template: readonly TemplateStep[]): TaskStep[] {
  return steps.flatMap(step => {
    if (step['backstage:permissions']) return [step];
    const isNumbered = /^step-\d+$/.test(step.id);
    const same = template.filter(
      ({ id, action }) => action === step.action && (id ? id === step.id : isNumbered),
    );
    if (same.length === 0) return [step];
    return same.map(one => ({ ...step, 'backstage:permissions': one['backstage:permissions'] }));
  });
}
