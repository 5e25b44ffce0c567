// Tests of the patterns of rules.
import { createGlobMatcher } from './createGlobMatcher';

it.each([
  ['https://a.b/*/c.yaml', 'https://a.b/x/c.yaml', true],
  ['https://a.b/*/c.yaml', 'https://a.b/x/y/c.yaml', false],
  ['https://a.b/*/c.yaml', 'https://aXb/x/c.yaml', false],
  ['https://a.b/**/c.yaml', 'https://a.b/x/y/c.yaml', true],
  ['https://a.b/**/c.yaml', 'https://a.b/c.yaml', true],
  ['https://a.b/**/c.yaml', 'https://a.b/x/evil-c.yaml', false],
  ['https://a.b/**/**/c.yaml', 'https://a.b/x/c.yaml', true],
  ['**/c.yaml', 'c.yaml', true],
  ['**/c.yaml', 'evil-c.yaml', false],
  ['https://a.b/x**/c.yaml', 'https://a.b/x/y/c.yaml', true],
  ['https://a.b/x**/c.yaml', 'https://a.b/x/c.yaml', true],
  ['https://a.b/x**/c.yaml', 'https://a.b/xc.yaml', false],
  ['https://a.b/**', 'https://a.b/', true],
  ['https://a.b/**', 'https://a.b', false],
  ['**/blob/**/*.y?ml', 'https://a.b/blob/blob/x.yaml', true],
  ['**/blob/**/*.y?ml', 'https://a.b/blob/x.y/ml', false],
  ['**a*b', 'a/ab', true],
  ['*', '', true],
  ['?', '/', false],
  ['?', '?', true],
  ['?', '😀', true],
  ['😀*', '😀x', true],
  ['a', 'A', false],
  ['', '', true],
  ['', 'a', false],
])('%s and %s: %s', (pattern, text, expected) => {
  expect(createGlobMatcher(pattern)(text)).toBe(expected);
});

it('are soon done with texts that are long', () => {
  const fits = createGlobMatcher('https://a.b/*/blob/**/*x**y**.yaml');
  const begin = performance.now();
  expect(fits(`https://a.b/x/blob/${'.xy'.repeat(30_000)}`)).toBe(false);
  expect(performance.now() - begin).toBeLessThan(2_000);
});
