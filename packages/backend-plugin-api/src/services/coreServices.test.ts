// Tests of the references of the core and alpha services.
import * as alpha from '../alpha';
import { coreServices } from './coreServices';

describe('coreServices', () => {
  it.each(Object.entries(coreServices))('%s has the ID and the scope that its name says', (name, ref) => {
    expect(ref.id).toBe(`core.${name}`);
    expect(ref.scope).toBe(name.startsWith('root') ? 'root' : 'plugin');
    expect(ref.multiton).toBe(false);
  });

  it('has all services of the contract', () => {
    expect(Object.keys(coreServices).sort()).toEqual([
      'auditor',
      'auth',
      'cache',
      'database',
      'discovery',
      'httpAuth',
      'httpRouter',
      'lifecycle',
      'logger',
      'permissions',
      'permissionsRegistry',
      'pluginMetadata',
      'rootConfig',
      'rootHealth',
      'rootHttpRouter',
      'rootInstanceMetadata',
      'rootLifecycle',
      'rootLogger',
      'rootSystemMetadata',
      'scheduler',
      'urlReader',
      'userInfo',
    ]);
  });
});

describe('alpha services', () => {
  it('have their IDs and plugin scope', () => {
    expect(Object.values(alpha).map(ref => [ref.id, ref.scope])).toEqual(
      expect.arrayContaining([
        ['alpha.core.actions', 'plugin'],
        ['alpha.core.actionsRegistry', 'plugin'],
        ['alpha.core.metrics', 'plugin'],
        ['alpha.core.tracing', 'plugin'],
      ]),
    );
    expect(Object.keys(alpha)).toHaveLength(4);
  });
});
