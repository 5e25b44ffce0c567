// Tests what finding the listener of a URL costs, which anybody may send.
import { UpgradeRoutes } from './UpgradeRoutes';

it('tries no more paths for a URL of thousands of segments than there are lengths of paths', () => {
  const routes = new UpgradeRoutes();
  const listener = () => {};
  routes.add('/a/a', listener);
  routes.add('/api/catalog', listener);
  routes.add('/api', listener);
  const lookups = jest.spyOn(Map.prototype, 'get');
  try {
    expect(routes.find('/a'.repeat(8_000))).toEqual({ listener, prefix: '/a/a' });
    expect(routes.find('/b'.repeat(8_000))).toBeUndefined();
    expect(lookups.mock.calls.length).toBeLessThan(20);
  } finally {
    lookups.mockRestore();
  }
});
