// Locks the permissions and resource types to those of the published package, whose import would load an HTTP client.
import * as published from '@backstage/plugin-scaffolder-common/alpha';
import * as own from './scaffolderPermissions';

it('has the permissions and resource types that policies written for Backstage know', () => {
  const permissionsOf = (module: object) =>
    Object.fromEntries(Object.entries(module).filter(([name]) => name.endsWith('Permission')));
  expect(permissionsOf(own)).toEqual(permissionsOf(published));
  expect([own.RESOURCE_TYPE_ACTION, own.RESOURCE_TYPE_TASK, own.RESOURCE_TYPE_TEMPLATE]).toEqual([
    published.RESOURCE_TYPE_SCAFFOLDER_ACTION,
    published.RESOURCE_TYPE_SCAFFOLDER_TASK,
    published.RESOURCE_TYPE_SCAFFOLDER_TEMPLATE,
  ]);
});
