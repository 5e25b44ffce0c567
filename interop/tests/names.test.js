// All that the published test utilities offer when they run, looked up in those that stand in for them.
import * as published from 'published-test-utils';
import * as publishedAlpha from 'published-test-utils/alpha';
import * as standIn from '@backstage/backend-test-utils';
import * as standInAlpha from '@backstage/backend-test-utils/alpha';

const isOpen = value => (typeof value === 'object' && value !== null) || typeof value === 'function';

/** Dotted names of all values, such as `mockServices.auth.factory`, with their kinds; published factories are features too. */
function namesBelow({ default: _module, ...members }, path = []) {
  return Object.entries(members).flatMap(([name, member]) => [
    [[...path, name].join('.'), typeof member],
    ...(isOpen(member) && name !== 'factory' ? namesBelow(member, [...path, name]) : []),
  ]);
}

const at = (root, path) => path.split('.').reduce((value, name) => value?.[name], root);

describe.each([
  ['.', published, standIn],
  ['./alpha', publishedAlpha, standInAlpha],
])('%s', (_subpath, wanted, given) => {
  const names = namesBelow(wanted);

  it.each(names)('has %s, a %s', (path, kind) => {
    expect(typeof at(given, path)).toBe(kind);
  });

  it('was looked through', () => {
    expect(names.length).toBeGreaterThanOrEqual(given === standIn ? 60 : 10);
  });
});

it.each(Object.keys(published.mockServices))('mocks every method of %s that the published mock has', name => {
  const [theirs, ours] = [published, standIn].map(({ mockServices }) => mockServices[name].mock());
  const methods = Object.keys(theirs).filter(key => jest.isMockFunction(theirs[key]));

  expect(Object.keys(ours).filter(key => jest.isMockFunction(ours[key]))).toEqual(
    expect.arrayContaining(methods),
  );
  expect(ours.factory.service.id).toBe(theirs.factory.service.id);
});
