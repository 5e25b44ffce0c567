// Runs the programs in fixtures/documents, verbatim, with their imports resolved to our packages.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventually, ready, request } from '../lib/ask.mjs';
import { createDatabase } from '../lib/databases.mjs';
import { callerToken, launch } from '../lib/launch.mjs';

const cache = new URL('../.cache/documents/', import.meta.url);
const read = name => readFileSync(new URL(`../fixtures/documents/${name}.txt`, import.meta.url), 'utf8');
const [alpha, stable, result] = ['alpha', 'stable', 'result'].map(read);

// What the third program assumes: the second one up to its start, and the import of the error class.
const untilStart = stable.replace(/\/\/ Start up.*\n/, '').replace('backend.start();', '');
const withResult = home => `import { BackendStartupError } from '${home}';\n${untilStart}`;
const failing = `
import { createBackendPlugin } from '@backstage/backend-plugin-api';
backend.add(createBackendPlugin({ pluginId: 'sunk', register(env) {
  env.registerInit({ deps: {}, async init() { throw new Error('It sank'); } });
} }));
`;

const programs = [
  { what: 'backend.add(catalogPlugin())', code: alpha, see: serves('catalog/entities') },
  {
    what: 'backend.add(import(...)), backend.add(scaffolderPlugin)',
    code: stable,
    see: serves('catalog/entities', 'scaffolder/v2/actions'),
  },
  {
    what: 'backend.start(({ result }) => ...)',
    code: withResult('@backstage/backend-defaults') + result,
    see: tells('Backend startup result: ', { outcome: 'success' }),
  },
  {
    what: 'backend.start(..., error => ...) with BackendStartupError',
    code: withResult('@backstage/backend-app-api') + failing + result,
    see: tells('Backend startup failed: ', { outcome: 'failure' }),
  },
];

/** Yields one row per program. */
export async function* documentsPrograms({ chosen }) {
  for (const { what, code, see } of programs) {
    if (!chosen(what)) continue;
    yield { what, asked: 'runs word for word', failure: await run(code, see) };
  }
}

async function run(code, see) {
  mkdirSync(cache, { recursive: true });
  const program = new URL('program.mjs', cache);
  writeFileSync(program, code);
  const { database } = createDatabase('SQLite');
  const alias = new URL('../lib/registerAlias.mjs', import.meta.url).href;
  const backend = await launch({ program: fileURLToPath(program), database, execArgv: ['--import', alias] });
  try {
    await see(backend);
  } catch (error) {
    return `${error.message}\n${backend.output().slice(-2000)}`;
  } finally {
    await backend.stop();
  }
}

function serves(...paths) {
  return async backend => {
    await ready(backend);
    for (const path of paths) await request(`${backend.url}/api/${path}`, { token: callerToken });
  };
}

function tells(introduction, expected) {
  return async backend => {
    const complete = new RegExp(`^${introduction}(\\{.*?^\\})$`, 'ms');
    const output = await eventually('what the program tells', backend.output, text => complete.test(text));
    const told = JSON.parse(complete.exec(output)[1]);
    assert.deepEqual({ outcome: told.outcome }, expected);
    assert.ok(told.plugins.some(({ pluginId }) => pluginId === 'scaffolder'));
    const failed = told.plugins.filter(({ failure }) => failure).map(({ pluginId }) => pluginId);
    assert.deepEqual(failed, expected.outcome === 'failure' ? ['sunk'] : []);
  };
}
