// Tells URLs of this backend from those of others, also on the same machine.
import { leadsHere } from './leadsHere';

it.each([
  ['http://localhost:7007/api/catalog', 'http://localhost:7007', true],
  ['http://127.0.0.1:7007/api/catalog', 'http://localhost:7007', true],
  ['http://localhost:7007/api/catalog', 'http://[::1]:7007', true],
  ['https://catalog.example.com/api/catalog', 'https://catalog.example.com', true],
  ['http://localhost:7008/api/catalog', 'http://localhost:7007', false],
  ['http://127.0.0.1:7007/api/catalog', 'http://127.0.0.2:7007', false],
  ['http://localhost:7007/api/catalog', 'http://10.0.0.1:7007', false],
  ['http://catalog.example.com:7007/api/catalog', 'http://localhost:7007', false],
  ['http://localhost:7007/api/catalog', undefined, false],
])('tells of %s whether it leads to the backend that listens at %s', (url, own, expected) => {
  expect(leadsHere(url, own)).toBe(expected);
});
