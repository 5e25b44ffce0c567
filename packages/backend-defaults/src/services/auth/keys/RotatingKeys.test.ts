// The keys of one instance as time goes by, and while their database fails.
import { ConfigReader } from '@backstage/config';
import { MemoryLogger } from '../../../testing/MemoryLogger';
import { DatabaseConnections } from '../../database/DatabaseConnections';
import { KeyTable } from './KeyTable';
import { RotatingKeys } from './RotatingKeys';

const minute = 60_000;
let connections: DatabaseConnections;

let now: number;

beforeEach(() => {
  now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await connections.close();
});

function makeKeys() {
  const config = new ConfigReader({
    backend: { database: { client: 'better-sqlite3', connection: ':memory:' } },
  });
  connections = new DatabaseConnections(config);
  const logger = new MemoryLogger();
  const database = connections.forPlugin('caller', { logger });
  return { logger, database, keys: new RotatingKeys(new KeyTable(database), logger) };
}

/** The id of the key to sign with. */
async function askFor(keys: RotatingKeys): Promise<string> {
  const { keyId } = await keys.getSigningKey();
  // So long that making a key, and storing it, is over.
  await new Promise(resolve => setTimeout(resolve, 50));
  return keyId;
}

it('publishes each next key once ahead of its use, however many ask, and then signs with that', async () => {
  const { keys } = makeKeys();
  const used = new Set([await askFor(keys)]);
  const ahead = async () =>
    (await keys.listPublicKeys()).map(({ kid }) => kid!).filter(kid => !used.has(kid));
  for (let rotation = 0; rotation < 3; rotation++) {
    now += 44 * minute;
    used.add(await askFor(keys));
    expect(await ahead()).toEqual([]);
    now += minute;
    for (let round = 0; round < 3; round++) used.add(await askFor(keys));
    expect(used.size).toBe(rotation + 1);
    let next = await ahead();
    while (next.length === 0) {
      await askFor(keys);
      next = await ahead();
    }
    now += 15 * minute;
    expect([await askFor(keys)]).toEqual(next);
    used.add(next[0]!);
    expect(await ahead()).toEqual([]);
  }
});

it.each([-90 * minute, 0])(
  'signs with no key for longer than an hour where the clock was set back, once to %d ms after the start',
  async setTo => {
    const { keys } = makeKeys();
    const [start, monotonic] = [now, performance.now()];
    const elapsed = jest.spyOn(performance, 'now');
    const after = async (milliseconds: number) => {
      elapsed.mockReturnValue(monotonic + milliseconds);
      return askFor(keys);
    };
    const first = await after(0);
    now = start + 44 * minute;
    expect(await after(44 * minute)).toBe(first);
    expect(await keys.listPublicKeys()).toHaveLength(1);
    now = start + setTo;
    expect(await after(45 * minute)).toBe(first);
    while ((await keys.listPublicKeys()).length < 2) await askFor(keys);
    const published = (await keys.listPublicKeys()).map(({ kid }) => kid);
    expect(await after(59 * minute)).toBe(first);
    const second = await after(60 * minute);
    expect(second).not.toBe(first);
    expect(published).toContain(second);
  },
);

it('goes on signing where the next key can not be stored, and tries again after a pause, not with each request', async () => {
  const { logger, database, keys } = makeKeys();
  const ask = () => askFor(keys);
  const first = await ask();
  const knex = await database.getClient();
  await knex.schema.renameTable('greenroom_auth_public_keys', 'elsewhere');

  now += 50 * minute;
  const asked = await Promise.all(Array.from({ length: 20 }, ask));
  for (let round = 0; round < 5; round++) asked.push(await ask());
  expect(new Set(asked)).toEqual(new Set([first]));
  const warnings = logger.entries.filter(({ level }) => level === 'warn');
  expect(warnings.map(({ message }) => message)).toEqual(['The next signing key could not be stored']);

  await knex.schema.renameTable('elsewhere', 'greenroom_auth_public_keys');
  now += 10_000;
  expect(await ask()).toBe(first);
  expect(await keys.listPublicKeys()).toHaveLength(2);
});

it('puts back a key that is gone while it signs, though nobody asks this instance for it', async () => {
  const { database, keys } = makeKeys();
  const { keyId } = await keys.getSigningKey();
  const knex = await database.getClient();
  const rows = () => knex('greenroom_auth_public_keys');
  const published = () => rows().pluck('id');
  const [before] = await rows();
  await knex('greenroom_auth_public_keys').delete();
  now += 59_000;
  await keys.getSigningKey();
  expect(await published()).toEqual([]);
  now += 1_000;
  expect(await keys.getSigningKey()).toMatchObject({ keyId });
  while ((await published()).length === 0) await new Promise(setImmediate);
  // For as long as before, so that its last tokens can be verified.
  expect(await rows()).toEqual([before]);
  // Once a minute, and not with each request.
  const list = jest.spyOn(KeyTable.prototype, 'list');
  now += minute;
  for (let round = 0; round < 3; round++) await keys.getSigningKey();
  expect(list).toHaveBeenCalledTimes(1);
});

it('puts a key back once, however many ask for it at that moment', async () => {
  const { logger, database, keys } = makeKeys();
  const { keyId } = await keys.getSigningKey();
  await (await database.getClient())('greenroom_auth_public_keys').delete();
  const answers = await Promise.all(Array.from({ length: 20 }, () => keys.listPublicKeys()));
  expect(answers.map(([key]) => key!.kid)).toEqual(Array(20).fill(keyId));
  expect(logger.entries.filter(({ level }) => level === 'warn')).toEqual([]);
});
