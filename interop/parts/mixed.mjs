// Deployments with both engines on one PostgreSQL: two processes that call each other, and one that is migrated.
import assert from 'node:assert/strict';
import { freePorts } from '../../scripts/lib/freePorts.mjs';
import { everything } from '../cases/index.mjs';
import { auth } from '../cases/auth.mjs';
import { catalog } from '../cases/catalog.mjs';
import { ourCatalog } from '../cases/ourCatalog.mjs';
import { scaffolder } from '../cases/scaffolder.mjs';
import { guestToken, request } from '../lib/ask.mjs';
import { createDatabase } from '../lib/databases.mjs';
import { farProbe } from '../lib/probe.mjs';
import { engines } from '../lib/runCases.mjs';
import { startBackend } from '../lib/startBackend.mjs';
import { startEcho } from '../lib/startEcho.mjs';

const { ours, published } = engines;
const names = { [ours]: 'ours', [published]: 'the published one' };
const scaffolders = {
  [ours]: ['@greenroom/plugin-scaffolder-backend', '@greenroom/plugin-scaffolder-backend-module-git'],
  [published]: ['@backstage/plugin-scaffolder-backend'],
};
const catalogs = { [ours]: ourCatalog, [published]: catalog };

/** Engine and origin of each half. CI checks the first two, in which one half is all theirs and the other all ours. */
const splits = [
  { scaffolder: [published, published], catalog: [ours, ours] },
  { scaffolder: [ours, ours], catalog: [published, published] },
  { scaffolder: [ours, published], catalog: [published, ours] },
  { scaffolder: [published, ours], catalog: [ours, published] },
  { scaffolder: [published, published], catalog: [ours, published] },
  { scaffolder: [ours, published], catalog: [published, published] },
];

/** Yields one row per deployment. */
export async function* mixed({ check, chosen, postgres }) {
  for (const halves of check ? splits.slice(0, 2) : splits) {
    if (!chosen('split')) continue;
    yield {
      what: `${describe('scaffolder', halves)} | ${describe('catalog', halves)}`,
      asked: `${scaffolder.asked}; a plugin of either half calls one of the other, for a user and for itself; a token for another plugin is refused`,
      failure: await inDatabase(postgres, database => split(database, halves)),
    };
  }
  const orders = [
    [published, ours],
    [ours, published],
  ];
  for (const [from, to] of check ? [] : orders) {
    if (!chosen('move')) continue;
    yield {
      what: `all published plugins on ${names[from]}, then with the same databases on ${names[to]}, then back`,
      asked: everything.asked,
      failure: await inDatabase(postgres, database => move(database, [from, to, from])),
    };
  }
}

function describe(plugin, halves) {
  const [engine, origin] = halves[plugin];
  return `${origin === ours ? 'our' : 'their'} ${plugin} on ${names[engine]}`;
}

async function inDatabase(postgres, run) {
  const { database, drop } = createDatabase('PostgreSQL', postgres);
  try {
    return await run(database);
  } finally {
    await drop();
  }
}

/** Tokens go both ways: the scaffolder queries the catalog for a user, and the catalog fetches the keys and the user info. */
async function split(database, halves) {
  const [scaffolderPort, catalogPort] = await freePorts(2);
  const ports = { scaffolder: scaffolderPort, catalog: catalogPort };
  const target = port => `http://127.0.0.1:${port}/api/{{pluginId}}`;
  const discovery = {
    endpoints: [
      { target: target(ports.catalog), plugins: ['catalog', 'far-probe'] },
      { target: target(ports.scaffolder), plugins: ['scaffolder', 'auth', 'probe'] },
    ],
  };
  const catalogCase = catalogs[halves.catalog[1]];
  const config = { ...catalogCase.config(), ...auth.config(), discovery };
  const features = {
    catalog: [...catalogCase.features, farProbe],
    scaffolder: [...auth.features, ...scaffolders[halves.scaffolder[1]]],
  };
  const running = [];
  try {
    for (const name of ['catalog', 'scaffolder']) {
      const [engine] = halves[name];
      running.push(
        await startBackend({ engine, features: features[name], config, database, port: ports[name] }),
      );
    }
    const [catalogHalf, scaffolderHalf] = running;
    const api = id => (['catalog', 'far-probe'].includes(id) ? catalogHalf : scaffolderHalf).api(id);
    await scaffolder.ask({ api });
    await askCalls({ api });
  } catch (error) {
    return [error.message, ...running.map(({ output }) => output().slice(-2000))].join('\n');
  } finally {
    await Promise.all(running.map(backend => backend.stop()));
  }
}

/** Each probe calls the other one, and returns how that one identified the caller. */
async function askCalls(backend) {
  const token = await guestToken(backend);
  for (const [from, to] of [
    ['probe', 'far-probe'],
    ['far-probe', 'probe'],
  ]) {
    const calls = await request(`${backend.api(from)}/calls?to=${to}`, { token });
    assert.equal(calls.forUser.status, 200, from);
    assert.equal(calls.forUser.type, 'user', from);
    assert.equal(calls.forUser.userEntityRef, 'user:development/guest', from);
    assert.deepEqual(calls.forItself, { status: 200, type: 'service', subject: `plugin:${from}` }, from);
    assert.deepEqual(calls.misdirected, { status: 401 }, from);
  }
}

async function move(database, sequence) {
  const echo = await startEcho();
  try {
    for (const engine of sequence) {
      const config = everything.config({ echoUrl: echo.url });
      const backend = await startBackend({ engine, features: everything.features, config, database });
      try {
        await everything.askAgain(backend);
      } catch (error) {
        return `on ${names[engine]}: ${error.message}\n${backend.output().slice(-2000)}`;
      } finally {
        await backend.stop();
      }
    }
  } catch (error) {
    return error.message;
  } finally {
    await echo.close();
  }
}
