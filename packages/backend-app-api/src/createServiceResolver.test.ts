// Tests of resolving services without a backend.
import { createServiceResolver, pluginStatusServiceRef } from '.';

it('knows no plugin, so that nothing waits for one to start', async () => {
  const resolver = createServiceResolver({ defaultServiceFactories: [] });
  const statuses = await resolver.get(pluginStatusServiceRef, 'catalog');
  expect(statuses.get('catalog')).toBeUndefined();
  await statuses.settled('catalog');
});
