// Deployments of both engines on one PostgreSQL: two processes that call each other, and one that moves over.
import { everything } from '../cases/index.mjs';
import { scaffolder } from '../cases/scaffolder.mjs';
import { catalog } from '../cases/catalog.mjs';
import { createDatabase } from '../lib/databases.mjs';
import { freePort } from '../lib/launch.mjs';
import { engines } from '../lib/runCases.mjs';
import { startBackend } from '../lib/startBackend.mjs';
import { startEcho } from '../lib/startEcho.mjs';

const names = { [engines.ours]: 'ours', [engines.published]: 'the published one' };

/** Yields a row a deployment. */
export async function* mixed({ chosen, postgres }) {
  const orders = [
    [engines.published, engines.ours],
    [engines.ours, engines.published],
  ];
  for (const [scaffolderEngine, catalogEngine] of orders) {
    if (!chosen('split')) continue;
    yield {
      what: `the scaffolder on ${names[scaffolderEngine]}, the catalog on ${names[catalogEngine]}`,
      asked: scaffolder.asked,
      failure: await inDatabase(postgres, database => split(database, scaffolderEngine, catalogEngine)),
    };
  }
  for (const [from, to] of orders) {
    if (!chosen('move')) continue;
    yield {
      what: `all plugins on ${names[from]}, then with the same databases on ${names[to]}, then back`,
      asked: everything.asked,
      failure: await inDatabase(postgres, database => move(database, [from, to, from])),
    };
  }
}

async function inDatabase(postgres, run) {
  const { database, drop } = createDatabase('PostgreSQL', postgres);
  try {
    return await run(database);
  } finally {
    await drop();
  }
}

/** Tokens go both ways: the scaffolder asks the catalog for a user, and the catalog asks for the keys and the user. */
async function split(database, scaffolderEngine, catalogEngine) {
  const ports = { scaffolder: await freePort(), catalog: await freePort() };
  const target = port => `http://127.0.0.1:${port}/api/{{pluginId}}`;
  const discovery = {
    endpoints: [
      { target: target(ports.catalog), plugins: ['catalog'] },
      { target: target(ports.scaffolder), plugins: ['scaffolder', 'auth'] },
    ],
  };
  const config = { ...scaffolder.config(), discovery };
  const rest = scaffolder.features.filter(feature => !catalog.features.includes(feature));
  const running = [];
  try {
    for (const [name, engine, features] of [
      ['catalog', catalogEngine, catalog.features],
      ['scaffolder', scaffolderEngine, rest],
    ]) {
      running.push(await startBackend({ engine, features, config, database, port: ports[name] }));
    }
    await scaffolder.ask({
      api: id => `http://127.0.0.1:${ports[id] ?? ports.scaffolder}/api/${id}`,
    });
  } catch (error) {
    return [error.message, ...running.map(({ output }) => output().slice(-2000))].join('\n');
  } finally {
    await Promise.all(running.map(backend => backend.stop()));
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
