// Tests of planning where nobody asks: services that every plugin gets, and several modules of one id.
import { createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';
import { backendFixture, plugin, pluginModule } from '../scenarios/backendFixture';

const eager = createServiceRef<object>({ id: 'test.eager' });
const missing = createServiceRef<object>({ id: 'test.missing' });
const broken = createServiceFactory({
  service: eager,
  initialization: 'always',
  deps: { missing },
  factory: () => ({}),
});

describe('a fault of a plugin service that is made for every plugin', () => {
  it('is told for each of them, once, whether it asks for the service or not', async () => {
    const features = [broken, plugin('asks', { deps: { eager } }), plugin('does-not')];
    const problems = await backendFixture({ features }).check();
    expect(problems.map(({ pluginId, error }) => [pluginId, error.code])).toEqual([
      ['asks', 'GR_SERVICE_MISSING'],
      ['does-not', 'GR_SERVICE_MISSING'],
    ]);
    expect(problems[1]!.error).toMatchObject({ path: ["plugin 'does-not'", "service 'test.eager'"] });
  });
});

describe('of several modules of one id', () => {
  it('the first one stays, and each further one is a problem of it', async () => {
    const features = [plugin('p'), ...['m', 'n', 'm', 'm'].map(id => pluginModule('p', id))];
    const backend = backendFixture({ features });
    const problems = await backend.check();
    expect(problems.map(({ moduleId, error }) => [moduleId, error.code])).toEqual([
      ['m', 'GR_MODULE_DUPLICATE'],
      ['m', 'GR_MODULE_DUPLICATE'],
    ]);
    const { plugins } = await backend.inspect();
    expect(plugins[0]!.modules.map(({ moduleId }) => moduleId)).toEqual(['m', 'n']);
  });
});
