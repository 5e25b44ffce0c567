// Tests of what is said of an action that is not there.
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';
import { ActionRegistry } from '../actions/ActionRegistry';
import { findAction } from './findAction';

it.each([
  ['Debug:Lgo', "does not have. Did you mean 'debug:log'?"],
  ['publish:it', 'does not have. Add the module'],
] as const)('says of %s what was probably meant', (action, told) => {
  const actions = new ActionRegistry();
  actions.register(createTemplateAction({ id: 'debug:log', handler: async () => {} }));
  expect(() => findAction(actions, { id: 'a', action })).toThrow(told);
});

it('says of an action where there is none at all that a module is missing', () => {
  expect(() => findAction(new ActionRegistry(), { id: 'a', action: 'debug:log' })).toThrow('Add the module');
});
