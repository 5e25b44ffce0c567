// Tests which listener a URL finds, and what finding it costs, as anybody may send one.
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

it('forgets a listener that is removed, unless another one has taken its place', () => {
  const routes = new UpgradeRoutes();
  const [first, second] = [() => {}, () => {}];
  const removeFirst = routes.add('/api/a', first);
  removeFirst();
  expect(routes.find('/api/a/x')).toBeUndefined();
  const removeAgain = routes.add('/api/a', first);
  routes.add('/API/A/', second);
  removeAgain();
  expect(routes.find('/api/a/x')).toEqual({ listener: second, prefix: '/api/a' });
});
