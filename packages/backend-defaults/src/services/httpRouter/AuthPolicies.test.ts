// Which paths fit which policies.
import { AuthPolicies } from './AuthPolicies';

function policies(...paths: Array<[string, 'unauthenticated' | 'user-cookie']>): AuthPolicies {
  const result = new AuthPolicies();
  paths.forEach(([path, allow]) => result.add({ path, allow }));
  return result;
}

it('needs full credentials everywhere without policies', () => {
  expect(policies().find('/')).toBeUndefined();
});

it.each([
  ['/public', 'unauthenticated'],
  ['/public/', 'unauthenticated'],
  ['/PUBLIC/x/y?a=/b', 'unauthenticated'],
  ['/public?x', 'unauthenticated'],
  ['/public/for/users', 'unauthenticated'],
  ['/public/users/jo', 'unauthenticated'],
  ['/publication', undefined],
  ['/', undefined],
  ['', undefined],
  ['/x/public', undefined],
  ['//public', undefined],
  ['/%70ublic', undefined],
  ['/public/../private', undefined],
  ['/public/%2e%2E/private', undefined],
  ['/public/.%2e%2fprivate', undefined],
  ['/public/..\\private', undefined],
  ['/public/..', undefined],
  ['/public/..;/private', undefined],
  ['/public/..%3bx/private', undefined],
  ['/public/a..b', 'unauthenticated'],
  ['/files', 'user-cookie'],
  ['/files/a', 'user-cookie'],
  ['/files/open/a', 'unauthenticated'],
  ['/list/', 'unauthenticated'],
  ['/list', undefined],
  ['/list/all', undefined],
  ['/lists/a/', 'unauthenticated'],
  ['/lists/a', undefined],
  ['/lists/a/all', undefined],
  ['/lists/#', undefined],
  ['/public#', undefined],
  ['/public\\private?#', undefined],
  ['/public/\u00a0', undefined],
  ['/twice', 'unauthenticated'],
  ['/users/jo/picture/small', 'user-cookie'],
  ['/users/jo', undefined],
  ['/users//picture', undefined],
  ['/users/open/picture', 'unauthenticated'],
  ['/users/jo#/picture', undefined],
  ['/users/jo\\#/picture', undefined],
  ['/users/open/\xa0', undefined],
  ['/users/open/\ufeff', undefined],
  ['/rest/a/b', 'unauthenticated'],
  ['/rest//a', 'unauthenticated'],
  ['/rest/', undefined],
  ['/rest', undefined],
])('finds for %s: %s', (url, expected) => {
  const found = policies(
    ['/public', 'unauthenticated'],
    ['/public/for/users', 'user-cookie'],
    ['/public/users/:name', 'user-cookie'],
    ['/files', 'user-cookie'],
    ['/list/', 'unauthenticated'],
    ['/lists/:name/', 'unauthenticated'],
    ['/files/open', 'unauthenticated'],
    ['/twice', 'unauthenticated'],
    ['/twice', 'user-cookie'],
    ['/users/:name/picture', 'user-cookie'],
    ['/users/open/:what', 'unauthenticated'],
    ['/rest/*path', 'unauthenticated'],
  ).find(url);
  expect(found).toBe(expected);
});

it('needs no policy without placeholders', () => {
  expect(policies(['/users/:name', 'user-cookie']).find('/users/jo')).toBe('user-cookie');
});

it('takes / as the whole plugin', () => {
  expect(policies(['/', 'unauthenticated']).find('/any/thing')).toBe('unauthenticated');
  expect(policies(['/', 'user-cookie'], ['/a', 'unauthenticated']).find('/a')).toBe('unauthenticated');
});

it.each([
  ['/.backstage/scheduler/v1/tasks/a/trigger', undefined],
  ['/.BACKSTAGE', undefined],
  ['/.well-known/backstage/permissions/apply-conditions', undefined],
  ['/.well-known/backstage', undefined],
  ['/.well-known/backstage-other', 'unauthenticated'],
  ['/.well-known/jwks.json', 'unauthenticated'],
  ['/x/.backstage/y', 'unauthenticated'],
  ['/.backstage/open', 'user-cookie'],
  ['/.backstage/of/x', 'user-cookie'],
  ['/.backstage/of', undefined],
  ['/.well-known/backstage/of/x', 'user-cookie'],
])('opens what services serve only by their own paths: %s, %s', (url, expected) => {
  const found = policies(
    ['/', 'unauthenticated'],
    ['/.well-known', 'unauthenticated'],
    ['/*path', 'unauthenticated'],
    ['/:any/scheduler', 'unauthenticated'],
    ['/.well-known/:any/permissions', 'unauthenticated'],
    ['/.backstage/open', 'user-cookie'],
    ['/.backstage/of/:any', 'user-cookie'],
    ['/.well-known/backstage/of/:any', 'user-cookie'],
  ).find(url);
  expect(found).toBe(expected);
});

it('opens nothing by a path that a router reads as another one', () => {
  const open = policies(['/open', 'unauthenticated']);
  const found = ['/open/a', '/open/a?b\\c', '/open/a\\b', '/open/a#b', '/open/a b'].map(url =>
    open.find(url),
  );
  expect(found).toEqual(['unauthenticated', 'unauthenticated', undefined, undefined, undefined]);
});

it('refuses policies that it does not understand', () => {
  const add = (path: string, allow = 'user-cookie') => policies([path, allow as never]);
  expect(() => add('x')).toThrow("unlike 'x'");
  expect(() => add('/', 'all')).toThrow("not 'all'");
  for (const path of ['/a{/b}', '/a?', '/:a-:b', '/*/b', '/a*', '/*a-b', '/(.*)']) {
    expect(() => add(path)).toThrow(`The path '${path}' of an auth policy`);
  }
});
