// Keys rotate on several backends with one database, and no valid token is ever refused.
import knexFactory from 'knex';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAuthPlugin, type StartedAuthPlugin } from '../../testing/startAuthPlugin';

const minute = 60_000;
const rotations = 100;

let folder: string;
let backends: StartedAuthPlugin[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auth-rotation-'));
});

afterEach(async () => {
  jest.useRealTimers();
  await Promise.all(backends.map(backend => backend.stop()));
  await rm(folder, { recursive: true });
});

it('accepts tokens whose keys somebody has deleted from the database', async () => {
  const config = {
    backend: { database: { client: 'better-sqlite3', connection: { directory: folder } } },
  };
  const caller = await startAuthPlugin('caller', { config });
  const callee = await startAuthPlugin('callee', { locate: () => caller.url });
  backends = [caller, callee];
  const { token } = await caller.auth.getPluginRequestToken({
    onBehalfOf: await caller.auth.getOwnServiceCredentials(),
    targetPluginId: 'callee',
  });
  const connection = { filename: join(folder, 'caller.sqlite') };
  const knex = knexFactory({ client: 'better-sqlite3', connection, useNullAsDefault: true });
  expect(await knex('greenroom_auth_public_keys').delete()).toBe(1);
  expect(await callee.get('/x', token)).toMatchObject({ status: 200 });
  expect(await knex('greenroom_auth_public_keys')).toHaveLength(1);
  await knex.destroy();
});

const kidOf = (token: string) =>
  (JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid;

it(`accepts every valid token over ${rotations} rotations on three backends with one SQLite file`, async () => {
  // Only the clock is a fake one: requests and the database are real.
  jest.useFakeTimers({
    now: new Date('2030-01-01T00:00:00Z'),
    doNotFake: [
      ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
      ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
    ],
  });
  // Requests for keys go to one backend after another, as behind a load balancer.
  let turn = 0;
  const locate = () => backends[turn++ % backends.length]!.url;
  const config = {
    backend: { database: { client: 'better-sqlite3', connection: { directory: folder } } },
  };
  backends = await Promise.all([1, 2, 3].map(() => startAuthPlugin('caller', { config, locate })));

  const kids = backends.map(() => new Set<string>());
  let issued: Array<{ token: string; until: number }> = [];
  let verified = 0;
  // So that tokens are asked for before, in and after the time in which the next key is published.
  const steps = [50, 35, 25];
  for (let round = 0; Math.min(...kids.map(({ size }) => size)) <= rotations; round++) {
    // Now and then nobody calls for so long that all keys have ended.
    jest.setSystemTime(Date.now() + (round % 20 === 19 ? 500 : steps[round % steps.length]!) * minute);
    issued = issued.filter(({ until }) => until > Date.now());
    for (const [index, { auth }] of backends.entries()) {
      const { token } = await auth.getPluginRequestToken({
        onBehalfOf: await auth.getOwnServiceCredentials(),
        targetPluginId: 'caller',
      });
      kids[index]!.add(kidOf(token));
      issued.push({ token, until: Date.now() + 60 * minute });
    }
    // New tokens are checked by all, older ones by one after another.
    const checks = issued.flatMap(({ token }, index) =>
      index >= issued.length - backends.length
        ? backends.map(({ auth }) => auth.authenticate(token))
        : [backends[(round + index) % backends.length]!.auth.authenticate(token)],
    );
    for (const { principal } of await Promise.all(checks)) {
      expect(principal).toEqual({ type: 'service', subject: 'plugin:caller' });
    }
    verified += checks.length;
    const { token } = issued[round % issued.length]!;
    expect(await backends[round % backends.length]!.get('/x', token)).toMatchObject({ status: 200 });
  }

  expect(verified).toBeGreaterThan(3 * 3 * rotations);
  expect(new Set(kids.flatMap(set => [...set])).size).toBeGreaterThan(3 * rotations);
  expect(backends.flatMap(backend => backend.refusals())).toEqual([]);
  // Nor does the table grow: what has expired is gone.
  const { keys } = await backends[0]!.auth.listPublicServiceKeys();
  expect(keys.length).toBeGreaterThanOrEqual(3);
  expect(keys.length).toBeLessThanOrEqual(12);
}, 60_000);
