// Settings of a driver that follow the configuration: what may be replaced, and what stays.
import type { ConnectionConfig } from '../config';
import { followConfig } from './followConfig';

it('has the password and the certificates that are configured by now, and nothing else', () => {
  let current: ConnectionConfig = { password: 'first', ssl: { ca: 'first' }, host: 'one' };
  const settings = followConfig({ password: 'first', ssl: { ca: 'first' }, host: 'one' }, () => current);
  expect(settings.password).toBe('first');
  current = { password: 'second', ssl: { ca: 'second' }, host: 'other', connectionString: 'postgres://x' };
  expect(settings.password).toBe('second');
  expect(settings).toEqual({ ssl: { ca: 'second' }, host: 'one' });
  expect(Object.keys(settings)).toEqual(['ssl', 'host']);
});

it.each<[string, () => ConnectionConfig]>([
  ['is there no more', () => ({})],
  ['is a URL without one', () => 'postgres://me@db/main'],
  [
    "can't be read",
    () => {
      throw new Error('no such file');
    },
  ],
])('keeps the password that it had where that %s', (_, current) => {
  expect(followConfig({ password: 'first' }, current).password).toBe('first');
});

it('takes the password out of a URL, and puts it into one', () => {
  const current = () => 'postgres://me:p%2Fw@db/main';
  expect(followConfig({ password: 'first' }, current).password).toBe('p/w');
  const url = followConfig({ connectionString: 'postgres://me:first@db/catalog' }, () => ({
    connectionString: 'postgres://me:p%2Fw@other/main',
  }));
  expect(url.connectionString).toBe('postgres://me:p%2Fw@db/catalog');
});
