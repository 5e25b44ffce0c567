// Runs the steps of a template in tests, with the same parts as tasks do, until one needs an action that is not there.
import { NotFoundError } from '@backstage/errors';
import type { JsonObject, JsonValue } from '@backstage/types';
import { createTaskSpec } from '../templates/TaskSpec';
import type { TemplateSpec } from '../templates/TemplateSpec';
import { pagesOf, validateParameters } from '../templates/validateParameters';
import type { createActionBench } from './runBuiltinAction';

/** How far a template came. */
export interface TemplateRun {
  readonly steps: string[];
  /** The first action that is not there. */
  readonly lacks?: string;
  readonly output?: JsonValue;
}

/** Values with which the form is valid: first choices, and what fields of their kind give; defaults are left to it. */
export function sampleValues(template: TemplateSpec): JsonObject {
  const values: JsonObject = {};
  for (const page of pagesOf(template)) Object.assign(values, sampleObject(page));
  return values;
}

function sampleObject(schema: JsonObject): JsonObject {
  const properties = (schema.properties ?? {}) as { [name: string]: JsonObject };
  const asked = Object.entries(properties).filter(([, one]) => one.default === undefined);
  return Object.fromEntries(asked.map(([name, one]) => [name, sample(one)]));
}

function sample(schema: JsonObject): JsonValue {
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0]!;
  if (schema['ui:field'] === 'RepoUrlPicker') return 'github.com?owner=acme&repo=site';
  if (String(schema['ui:field']).endsWith('Picker') && schema.type === 'string')
    return 'group:default/sample';
  if (schema.type === 'object') return sampleObject(schema);
  if (schema.type === 'array') return schema.items ? [sample(schema.items as JsonObject)] : [];
  if (schema.type === 'boolean') return true;
  if (schema.type === 'number' || schema.type === 'integer') return Number(schema.minimum ?? 1);
  return schema.format === 'uri' ? 'https://example.com' : 'sample';
}

/** Fails where a step fails. */
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
  const spec = createTaskSpec(template, { parameters, user: { ref: 'user:default/ida' } });
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
