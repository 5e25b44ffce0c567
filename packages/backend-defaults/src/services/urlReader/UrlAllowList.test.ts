// Tests which URLs an allow list has.
import { UrlAllowList, type AllowedTarget } from './UrlAllowList';

const allows = (target: AllowedTarget, url: string) => new UrlAllowList([target]).allows(new URL(url));

it.each([
  ['example.com', 'https://example.com/a', true],
  ['Example.COM', 'https://EXAMPLE.com/a', true],
  ['example.com', 'https://example.com:443/a', true],
  ['example.com', 'https://example.com:8443/a', false],
  ['example.com:8443', 'https://example.com:8443/a', true],
  ['example.com:8443', 'https://example.com/a', false],
  ['example.com:443', 'https://example.com/a', true],
  ['example.com:443', 'http://example.com/a', false],
  ['*.example.com:80', 'http://a.example.com/a', true],
  ['*.example.com:80', 'https://a.example.com/a', false],
  ['example.com', 'https://sub.example.com/a', false],
  ['example.com', 'https://example.com.evil.org/a', false],
  ['*.example.com', 'https://a.example.com/', true],
  ['*.example.com', 'https://a.b.example.com/', true],
  ['*.example.com', 'https://example.com/', false],
  ['*.example.com', 'https://evilexample.com/', false],
  ['*.example.com', 'https://.example.com/', false],
  ['*.example.com:8080', 'http://a.example.com:8080/', true],
  ['*.example.com:8080', 'http://a.example.com/', false],
  ['[::1]:8080', 'http://[::1]:8080/', true],
  ['[0:0::1]:8080', 'http://[::1]:8080/', true],
  ['Bücher.example', 'https://bücher.example/a', true],
  ['*.bücher.example:8443', 'https://a.bücher.example:8443/a', true],
  ['*.bücher.example', 'https://bücher.example/a', false],
  ['example.com', 'ftp://example.com/a', false],
  ['example.com', 'file://example.com/etc/passwd', false],
  ['example.com', 'https://user:secret@example.com/a', false],
  ['example.com', 'https://example.com@evil.org/a', false],
])('host %s and %s: %s', (host, url, expected) => {
  expect(allows({ host }, url)).toBe(expected);
});

it.each([
  ['/dir', '/dir', true],
  ['/dir', '/dir/a', true],
  ['/dir', '/dir2', false],
  ['/dir', '/other', false],
  ['/dir/', '/dir', false],
  ['/dir/', '/dir/a', true],
  ['/', '/anything', true],
  ['/dir', '/dir/../secret', false],
  ['/dir', '/dir/%2e%2e/secret', false],
  ['/dir', '/dir/..%2fsecret', false],
  ['/dir', '/dir/..%252fsecret', false],
  ['/dir', '/dir/..%5csecret', false],
  ['/dir', '/dir/%ff/..%2fsecret', false],
  ['/dir', '/dir/%ff/..%5c..%5csecret', false],
  ['/dir', '/dir/%ff/%252e%252e%2fsecret', false],
  ['/dir', '/dir/%ff/.%2e%2fsecret', false],
  ['/dir', '/dir/%ff/..%3bx=y%2fsecret', false],
  ['/dir', '/dir/..;/secret', false],
  ['/dir', '/dir/..;a=b/secret', false],
  ['/dir', '/dir/..%3b/secret', false],
  ['/dir', '/dir/%ff/..%3b/secret', false],
  ['/dir', '/dir/a..b/c%2fd', true],
  ['/dir', '/dir/a;..', true],
])('path %s and %s: %s', (path, pathname, expected) => {
  expect(allows({ host: 'example.com', paths: [path] }, `https://example.com${pathname}`)).toBe(expected);
});

it('needs one of the paths, and not all', () => {
  const target = { host: 'example.com', paths: ['/one', '/two'] };
  const paths = ['/one', '/two/a', '/three'];
  expect(paths.filter(path => allows(target, `https://example.com${path}`))).toEqual(['/one', '/two/a']);
});

it('allows nothing by default', () => {
  expect(new UrlAllowList([]).allows(new URL('https://example.com'))).toBe(false);
});
