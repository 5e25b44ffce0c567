// Locks the names and functions to those of the model.
import * as model from '@backstage/catalog-model';
import * as own from './catalogModel';

it('has the names of the model', () => {
  const names = Object.entries(own).filter(([, value]) => typeof value === 'string');
  expect(names).toContainEqual(['RELATION_OWNED_BY', 'ownedBy']);
  for (const name of names) expect(Object.entries(model)).toContainEqual(name);
});

it('writes and reads references as the model does', () => {
  const entity = { apiVersion: 'backstage.io/v1alpha1', kind: 'Location', metadata: { name: 'Here' } };
  expect(own.stringifyEntityRef(entity)).toBe('location:default/here');
  expect(own.getCompoundEntityRef(entity)).toEqual({ kind: 'Location', namespace: 'default', name: 'Here' });
  expect(own.parseEntityRef('here', { defaultKind: 'location' })).toMatchObject({ kind: 'location' });
  expect(own.isLocationEntity(entity)).toBe(true);
  expect(own.stringifyLocationRef(own.parseLocationRef('url:https://a.example/b'))).toBe(
    'url:https://a.example/b',
  );
});
