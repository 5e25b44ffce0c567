// Locks the permissions to those of the published package, whose import would load an HTTP client with every start.
import * as published from '@backstage/plugin-catalog-common/alpha';
import * as own from './catalogPermissions';

it('has the permissions that policies written for Backstage know', () => {
  const permissionsOf = (module: object) =>
    Object.fromEntries(Object.entries(module).filter(([name]) => name.endsWith('Permission')));
  expect(permissionsOf(own)).toEqual(permissionsOf(published));
  expect(own.catalogPermissions).toEqual(published.catalogPermissions);
});
