// Rules over IDs and attributes, from configuration.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { ActionFilter } from './ActionFilter';
import { readActionsSettings } from './config';

const filterOf = (filter: JsonObject) =>
  new ActionFilter(readActionsSettings(new ConfigReader({ backend: { actions: { filter } } })));
const action = (id: string, attributes: object = {}) => ({
  id,
  attributes: { readOnly: false, destructive: true, idempotent: false, ...attributes },
});
const reads = { readOnly: true, destructive: false };

it.each<[JsonObject, ReturnType<typeof action>, boolean, boolean | undefined]>([
  [{}, action('catalog:get'), true, true],
  [{ include: [{ id: 'catalog:*' }] }, action('catalog:get'), true, true],
  [{ include: [{ id: 'catalog:*' }] }, action('other:get'), false, false],
  [{ include: [{ id: 'other:x' }, { id: '*:g?t' }] }, action('catalog:get'), true, true],
  [{ include: [{ id: 'catalog' }] }, action('catalog:get'), false, false],
  [{ include: [{ id: 'c*g:*e*' }] }, action('catalog:get-entities'), true, true],
  [{ include: [{ id: '(.*)' }] }, action('catalog:get'), false, false],
  [{ exclude: [{ id: '*:delete-*' }] }, action('catalog:delete-all'), false, false],
  [{ exclude: [{ id: '*:delete-*' }] }, action('catalog:get'), true, true],
  [{ include: [{ id: 'catalog:*' }], exclude: [{ id: 'catalog:get' }] }, action('catalog:get'), false, false],
  [{ exclude: [{ attributes: { destructive: true } }] }, action('catalog:get'), false, undefined],
  [{ exclude: [{ attributes: { destructive: true } }] }, action('catalog:get', reads), true, undefined],
  [{ include: [{ attributes: { readOnly: true } }] }, action('catalog:get', reads), true, undefined],
  [{ include: [{ attributes: { readOnly: true } }] }, action('catalog:get'), false, undefined],
  [
    { include: [{ id: 'catalog:*', attributes: { readOnly: true, idempotent: true } }] },
    action('catalog:get', reads),
    false,
    undefined,
  ],
  [{ exclude: [{ id: 'other:*', attributes: { destructive: true } }] }, action('catalog:get'), true, true],
])('%j with %j', (filter, subject, accepted, byId) => {
  expect(filterOf(filter).accepts(subject)).toBe(accepted);
  expect(filterOf(filter).acceptsId(subject.id)).toBe(byId);
});

it('is quick with a pattern that would make a regular expression backtrack', () => {
  const filter = filterOf({ include: [{ id: `${'*a'.repeat(30)}b` }] });
  const begin = performance.now();
  expect(filter.accepts(action('a'.repeat(10_000)))).toBe(false);
  expect(performance.now() - begin).toBeLessThan(1_000);
});

it.each<[JsonObject, string]>([
  [{ exclude: [{}] }, 'backend.actions.filter.exclude[0] must have an id, attributes, or both'],
  [
    { include: [{ attributes: {} }] },
    'backend.actions.filter.include[0] must have an id, attributes, or both',
  ],
  [
    { include: [{ attributes: { readonly: true } }] },
    'backend.actions.filter.include[0].attributes.readonly is not an attribute of actions; these are destructive, readOnly, idempotent',
  ],
  [{ include: [{ attributes: { readOnly: 'maybe' } }] }, 'readOnly'],
])('refuses the filter %j', (filter, message) => {
  expect(() => filterOf(filter)).toThrow(message);
});
