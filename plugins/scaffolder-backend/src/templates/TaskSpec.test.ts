// Tests which tags the steps of tasks have.
import { createTaskSpec, withTags } from './TaskSpec';
import type { TemplateSpec } from './TemplateSpec';

const tagged = (...tags: string[]) => ({ 'backstage:permissions': { tags } });
const template = {
  steps: [
    // Null in YAML that has the name of the field alone.
    { id: null, action: 'a' },
    { action: 'b', ...tagged('secret') },
    { id: 'c', action: 'c', ...tagged('late') },
    { action: 'b', ...tagged('hidden') },
  ],
} as unknown as TemplateSpec;
const { steps } = createTaskSpec(template, {
  parameters: {},
  templateInfo: { entityRef: 'template:default/t' },
  user: {},
});
const tagsOf = (all: readonly object[]) => all.map(step => Object(step)['backstage:permissions']?.tags);

it('keeps the tags of each step, also none', () => {
  expect(steps.map(({ id }) => id)).toEqual(['step-1', 'step-2', 'c', 'step-4']);
  expect(tagsOf(steps)).toEqual([undefined, ['secret'], ['late'], ['hidden']]);
  const changed = template.steps.map(step => ({ ...step, ...tagged('new') }));
  expect(withTags(steps, changed)).toEqual(steps);
});

it('finds the tags that steps of older tasks may have in their template, by id or by action', () => {
  const untagged = steps.map(({ 'backstage:permissions': _, ...step }) => step);
  expect(tagsOf(withTags(untagged.slice(0, 3), template.steps))).toEqual([
    undefined,
    ['secret'],
    ['hidden'],
    ['late'],
  ]);
  expect(tagsOf(withTags(untagged, []))).toEqual(untagged.map(() => undefined));
  const own = untagged.map(step => ({ ...step, ...tagged('own') }));
  expect(withTags(own, template.steps)).toEqual(own);
});
