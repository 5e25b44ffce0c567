// `npm run start:split` as a person uses it: two backends apart, one address, one log, one end; the terminal client works against it.
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:net');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

const token = 'a-token-for-the-tests-of-the-split';
const headers = { authorization: `Bearer ${token}` };
const postgres = process.env.GREENROOM_TEST_POSTGRES;
const running = new Set();
let folder;

jest.setTimeout(120_000);
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'greenroom-split-'))));
afterEach(async () => {
  for (const one of running) one.child.kill('SIGKILL');
  await Promise.all([...running].map(({ ended }) => ended));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(script, args, environment = {}) {
  const foreign = /^(APP_CONFIG_|GREENROOM_|LOG_LEVEL$|FORCE_COLOR$|NODE_OPTIONS$|npm_lifecycle_event$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const child = spawn(process.execPath, [join(__dirname, script), ...args], {
    env: { ...Object.fromEntries(kept), NODE_ENV: 'development', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const one = { child, output: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => (one.output += text));
  }
  one.ended = once(child, 'close').then(([code]) => {
    running.delete(one);
    return code;
  });
  running.add(one);
  return one;
}

/** Plugins let nobody in without credentials, as in production. */
const guarded = {
  APP_CONFIG_backend_auth_dangerouslyDisableDefaultAuthPolicy: 'false',
  APP_CONFIG_backend_auth_externalAccess: JSON.stringify([
    { type: 'static', options: { token, subject: 'tests' } },
  ]),
};

async function startSplit(environment) {
  const split = run('start-split.mjs', ['--port', '0'], { ...guarded, ...environment });
  for (;;) {
    const [, url] = /front +\| (http:\S+) leads to both/.exec(split.output) ?? [];
    const listening = split.output.match(/\| .*Listening +http/g) ?? [];
    if (url && listening.length === 2) return { ...split, url, text: () => split.output };
    const code = await Promise.race([split.ended, sleep(50)]);
    if (code !== undefined) throw new Error(`It ended with ${code}:\n${split.output}`);
  }
}

async function scaffoldWith(url) {
  const values = join(folder, 'values.json');
  writeFileSync(values, JSON.stringify({ name: 'lights', owner: 'digital' }));
  const args = ['--url', url, '--yes', '--template', 'documentation-site', '--values', values];
  const client = run('example-scaffold.mjs', args, { GREENROOM_TOKEN: token });
  return { code: await client.ended, output: client.output };
}

it('runs both behind one address, scaffolds across them, and ends with code 0', async () => {
  const split = await startSplit();
  expect((await fetch(`${split.url}/api/catalog/entities`)).status).toBe(401);
  const entities = await (await fetch(`${split.url}/api/catalog/entities?limit=5`, { headers })).json();
  expect(entities).toHaveLength(5);

  const { code, output } = await scaffoldWith(split.url);
  expect(output).toContain('✓ The task is done');
  expect(code).toBe(0);

  split.child.kill('SIGINT');
  expect(await split.ended).toBe(0);
  // In front of it stands what an install writes, if there was one.
  const lines = split.text().slice(split.text().indexOf('front ')).trimEnd().split('\n');
  expect(lines.filter(line => !/^(front {5}|catalog {3}|scaffolder) \| /.test(line))).toEqual([]);
  expect(split.text()).not.toContain('\u001B');
  for (const half of ['catalog   ', 'scaffolder']) {
    expect(split.text()).toMatch(new RegExp(`^${half} \\| .*Stopped in \\d+ ms$`, 'm'));
  }
  // The scaffolder reads templates where discovery leads, and the catalog checks its tokens with the keys it finds there.
  expect(split.text()).toMatch(/^catalog +\| .*POST \/api\/catalog\/entities\/by-refs 200/m);
  expect(split.text()).toMatch(
    /^scaffolder \| .*GET \/api\/scaffolder\/\.backstage\/auth\/v1\/jwks\.json 200/m,
  );
});

(postgres ? it : it.skip)(
  'runs on PostgreSQL where there is its address (needs GREENROOM_TEST_POSTGRES)',
  async () => {
    const prefix = `split_test_${process.pid}_${Date.now()}_`;
    const client = require('knex')({ client: 'pg', connection: postgres });
    const databases = async () =>
      (await client('pg_database').whereRaw('starts_with(datname, ?)', [prefix])).map(
        ({ datname }) => datname,
      );
    try {
      const split = await startSplit({
        GREENROOM_POSTGRES: postgres,
        APP_CONFIG_backend_database_prefix: prefix,
      });
      expect((await scaffoldWith(split.url)).code).toBe(0);
      expect((await databases()).sort()).toEqual(
        expect.arrayContaining([`${prefix}catalog`, `${prefix}scaffolder`]),
      );
      split.child.kill('SIGTERM');
      expect(await split.ended).toBe(0);
    } finally {
      for (const name of await databases()) await client.raw('DROP DATABASE ?? WITH (FORCE)', [name]);
      await client.destroy();
    }
  },
);

it('stops one half where the other one has died, and ends with code 1', async () => {
  const { occupant, port } = await occupyMiddle();
  try {
    const split = run('start-split.mjs', ['--port', String(port)]);
    expect(await split.ended).toBe(1);
    expect(split.output).toContain(`Port ${port + 1} on 127.0.0.1 is already in use`);
    expect(split.output).toMatch(/front +\| The catalog has ended with code 1, so the other one is stopped/);
    expect(await answers(port + 2)).toBe(false);
  } finally {
    occupant.close();
  }
});

it('leaves nothing running when it is killed', async () => {
  const split = await startSplit();
  const ports = [...split.output.matchAll(/Listening +http:\/\/localhost:(\d+)/g)].map(([, port]) => port);
  expect(ports).toHaveLength(2);
  split.child.kill('SIGKILL');
  for (const port of ports) while (await answers(port)) await sleep(50);
});

it('says what is wrong with how it was called', async () => {
  const split = run('start-split.mjs', ['--port', 'many']);
  expect(await split.ended).toBe(1);
  expect(split.output).toMatch(/^--port must be a number from 0 to 65533, not 'many'\n\nnpm run start:split/);
});

/** Listens on the port behind a free one. */
async function occupyMiddle() {
  for (;;) {
    const front = await listen(0);
    const { port } = front.address();
    const occupant = await listen(port + 1).catch(() => undefined);
    front.close();
    await once(front, 'close');
    if (occupant) return { occupant, port };
  }
}

async function listen(port) {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function answers(port) {
  return fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  );
}
