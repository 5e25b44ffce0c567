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

it('forgets the listener of an exact path once, and never the one that took its place', () => {
  const routes = new UpgradeRoutes();
  const [first, second] = [() => {}, () => {}];
  const removeFirst = routes.addExact('/live', first);
  expect(() => routes.addExact('/live', second)).toThrow("'/live' have a handler already");
  removeFirst();
  expect(routes.find('/live')).toBeUndefined();
  routes.addExact('/live', second);
  removeFirst();
  expect(routes.find('/live')).toEqual({ listener: second, prefix: '' });
});

it.each(['', 'live', 'live/x', '/live?a', '/live#a'])('has no exact path %j, which no request has', path => {
  expect(() => new UpgradeRoutes().addExact(path, () => {})).toThrow(
    'A WebSocket handler needs a path that begins with a slash and has no query',
  );
});

it('prefers the listener of an exact path, and leaves all that is below it to the other', () => {
  const routes = new UpgradeRoutes();
  const [below, exact] = [() => {}, () => {}];
  routes.add('/api', below);
  routes.addExact('/api/live', exact);
  for (const url of ['/api/live', '/api/live?a=b']) {
    expect(routes.find(url)).toEqual({ listener: exact, prefix: '' });
  }
  for (const url of ['/api/live/', '/api/LIVE', '/api/live/x', '/api?/live']) {
    expect(routes.find(url)).toEqual({ listener: below, prefix: '/api' });
  }
});

it('finds none for a whole URL, which may be that of another host', () => {
  const routes = new UpgradeRoutes();
  const listener = () => {};
  routes.add('/', listener);
  expect(routes.find('/live')).toEqual({ listener, prefix: '' });
  expect(routes.find('http://elsewhere.example/live')).toBeUndefined();
});

it('is used from the first listener on, even after that is removed, and tells so once', () => {
  const routes = new UpgradeRoutes();
  const told = jest.fn();
  routes.onFirst(told);
  expect(routes.isUsed).toBe(false);
  routes.addExact('/live', () => {})();
  routes.add('/api', () => {})();
  expect(routes.isUsed).toBe(true);
  expect(told).toHaveBeenCalledTimes(1);
});
