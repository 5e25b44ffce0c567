// Test databases and caches, on every server that the environment names.
import { TestCaches } from './TestCaches';
import { TestDatabases } from './TestDatabases';

describe('databases', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_16', 'POSTGRES_13', 'SQLITE_3'] });
  const unreachable = TestDatabases.create({ ids: ['MYSQL_8'] });
  TestDatabases.setDefaults({ ids: ['SQLITE_3'] });
  const byDefault = TestDatabases.create();
  TestDatabases.setDefaults({});

  it.each(databases.eachSupportedId())('are empty and apart on %s', async id => {
    const [first, second] = await Promise.all([databases.init(id), databases.init(id)]);

    await first.schema.createTable('things', table => void table.string('name'));
    await first('things').insert({ name: 'one' });

    expect(await first('things').select()).toEqual([{ name: 'one' }]);
    expect(await second.schema.hasTable('things')).toBe(false);
  });

  it('run on one server once, under the first version asked for', () => {
    const expected = process.env.GREENROOM_TEST_POSTGRES ? [['POSTGRES_16'], ['SQLITE_3']] : [['SQLITE_3']];
    expect(databases.eachSupportedId()).toEqual(expected);
  });

  it('say how to reach what can not be reached', async () => {
    expect(databases.supports('MYSQL_8')).toBe(false);
    await expect(databases.init('MYSQL_8')).rejects.toThrow(
      'set BACKSTAGE_TEST_DATABASE_MYSQL8_CONNECTION_STRING to the address of a server',
    );
    expect(() => unreachable.eachSupportedId()).toThrow(
      'None of the databases that this test asks for can be reached',
    );
  });

  it('have defaults that can be set', () => {
    expect(byDefault.eachSupportedId()).toEqual([['SQLITE_3']]);
  });
});

describe('caches', () => {
  const caches = TestCaches.create({ ids: ['MEMORY', 'REDIS_7'] });
  const environment = jest.replaceProperty(process, 'env', {
    BACKSTAGE_TEST_CACHE_REDIS7_CONNECTION_STRING: 'redis://127.0.0.1:1',
  });
  const silent = TestCaches.create({ ids: ['REDIS_7'] });
  environment.restore();

  it.each(caches.eachSupportedId())('are empty and apart on %s', async id => {
    const [first, second] = await Promise.all([caches.init(id), caches.init(id)]);

    await first.keyv.set('key', 'value');

    expect(await first.keyv.get('key')).toBe('value');
    expect(await second.keyv.get('key')).toBeUndefined();
    expect(first.store).toBe(id === 'MEMORY' ? 'memory' : 'redis');
  });

  it('reject where the server does not answer', async () => {
    await expect(silent.init('REDIS_7')).rejects.toThrow(
      'REDIS_7 has not answered within 3000 ms: correct the address in BACKSTAGE_TEST_CACHE_REDIS7_CONNECTION_STRING',
    );
  });

  it('say how to reach what can not be reached', async () => {
    await expect(caches.init('MEMCACHED_1')).rejects.toThrow(
      'set BACKSTAGE_TEST_CACHE_MEMCACHED1_CONNECTION_STRING to the address of a server',
    );
  });
});
