// Locks the permissions to those of the published package, whose import would load an HTTP client with every start.
import * as published from '@backstage/plugin-catalog-common/alpha';
import * as own from './catalogPermissions';

it('has the permissions that policies written for Backstage know', () => {
  const names = Object.keys(published).filter(name => name.endsWith('Permission')) as Array<keyof typeof own>;
  expect(Object.keys(own).sort()).toEqual([...names, 'catalogPermissions'].sort());
  for (const name of names) expect(own[name]).toEqual(published[name]);
  expect(own.catalogPermissions).toEqual(published.catalogPermissions);
});
