// Tests which tags the steps of older tasks get.
import { createTaskSpec, withTags } from './TaskSpec';
import type { TemplateSpec } from './TemplateSpec';

it('finds the tags of steps by the ids that tasks give them, also where the template has none', () => {
  const template = {
    steps: [
      { action: 'a' },
      { action: 'b', 'backstage:permissions': { tags: ['secret'] } },
      { id: 'c', action: 'c', 'backstage:permissions': { tags: ['late'] } },
    ],
  } as TemplateSpec;
  const { steps } = createTaskSpec(template, {
    parameters: {},
    templateInfo: { entityRef: 'template:default/t' },
    user: {},
  });
  const tagsOf = (all: readonly object[]) => all.map(step => Object(step)['backstage:permissions']?.tags);
  const untagged = steps.map(({ 'backstage:permissions': _, ...step }) => step);
  expect(tagsOf(withTags(untagged, template.steps))).toEqual([undefined, ['secret'], ['late']]);
  const own = untagged.map(step => ({ ...step, 'backstage:permissions': { tags: ['own'] } }));
  expect(tagsOf(withTags(own, template.steps))).toEqual([['own'], ['own'], ['own']]);
});
