// Runs the steps of a template in tests, with the same parts as tasks do, until a step needs an action that does not exist.
import { NotFoundError } from '@backstage/errors';
import type { JsonObject, JsonValue } from '@backstage/types';
import { createTaskSpec } from '../templates/TaskSpec';
import type { TemplateSpec } from '../templates/TemplateSpec';
import { validateParameters } from '../templates/validateParameters';
import type { createActionBench } from './createActionBench';

/** How far a template got. */
export interface TemplateRun {
  readonly steps: string[];
  /** The first action that does not exist. */
  readonly lacks?: string;
  readonly output?: JsonValue;
}

/** Throws if a step fails. */
export async function runTemplate(
  template: TemplateSpec,
  values: JsonObject,
  {
    bench,
    baseUrl,
    isDryRun,
  }: { bench: ReturnType<typeof createActionBench>; baseUrl: string; isDryRun?: boolean },
): Promise<TemplateRun> {
  const { renderer, registry } = bench;
  const { values: parameters, errors } = await validateParameters(template, values, { renderer });
  expect(errors).toEqual([]);
  const templateInfo = { entityRef: 'template:default/tried' };
  const spec = createTaskSpec(template, { parameters, templateInfo, user: { ref: 'user:default/ida' } });
  const context = {
    parameters,
    steps: {} as { [id: string]: { output: JsonObject } },
    user: spec.user,
    secrets: {},
  };
  const steps: string[] = [];
  for (const step of spec.steps) {
    if (!(await renderer.evaluateCondition(step.if, context, ['steps', step.id, 'if']))) continue;
    const items = (await renderer.expandEach(step.each, context, ['steps', step.id, 'each'])) ?? [undefined];
    for (const each of items) {
      const input = await renderer.render(step.input ?? {}, { ...context, each }, [
        'steps',
        step.id,
        'input',
      ]);
      if (!bench.registry.list().some(({ id }) => id === step.action)) return { steps, lacks: step.action };
      const output = await bench.run(step.action, input as JsonObject, { baseUrl, isDryRun });
      context.steps[step.id] = { output };
      steps.push(step.id);
    }
  }
  expect(() => registry.get('no:such')).toThrow(NotFoundError);
  return { steps, output: await renderer.render(spec.output, context, ['output']) };
}
