// `npm run start:split`: the catalog and the scaffolder as two backends behind one address, with one log.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { installWhenNeeded } from './lib/installWhenNeeded.mjs';
import { splitFront } from './lib/splitFront.mjs';
import { repositoryRoot } from './lib/workspaces.mjs';

const frontPort = 7007;
const backends = [
  { name: 'catalog', port: 7008, color: 36 },
  { name: 'scaffolder', port: 7009, color: 35 },
];
const followParent = new URL('./lib/followParent.mjs', import.meta.url).href;
const terminal = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
const width = Math.max(...backends.map(({ name }) => name.length));

if (await installWhenNeeded()) await start();
else process.exitCode = 1;

async function start() {
  const front = await splitFront({ port: frontPort, portOf });
  const children = backends.map(startBackend);
  let stopping = false;
  const stop = signal => {
    if (stopping) return;
    stopping = true;
    front.close();
    front.closeAllConnections();
    for (const { child } of children) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop('SIGTERM'));
  const codes = await Promise.all(
    children.map(async ({ ended }) => {
      const code = await ended;
      // One half is of no use to whoever started both.
      if (!stopping) stop('SIGTERM');
      return code;
    }),
  );
  process.exitCode = codes.every(code => code === 0) ? 0 : 1;
}

function portOf(path) {
  const pluginId = /^\/api\/([^/?#]+)/.exec(path)?.[1];
  return (backends.find(({ name }) => name === pluginId) ?? backends.at(-1)).port;
}

function startBackend({ name, color }) {
  const entry = join(repositoryRoot, `packages/example-backend-${name}/src/index.ts`);
  const child = spawn(
    process.execPath,
    ['--conditions=greenroom-source', '--import', 'tsx', '--import', followParent, entry],
    {
      cwd: repositoryRoot,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...database(), ...(terminal && { FORCE_COLOR: '1' }) },
      // Ctrl-C reaches this process alone, which passes it on once.
      detached: process.platform !== 'win32',
    },
  );
  const label = name.padEnd(width);
  const front = terminal ? `\u001B[${color}m${label}\u001B[0m | ` : `${label} | `;
  for (const stream of ['stdout', 'stderr']) {
    const lines = createInterface({ input: child[stream] });
    lines.on('line', line => process[stream].write(`${front}${line}\n`));
  }
  const ended = new Promise(resolve => child.on('exit', (code, signal) => resolve(signal ? 1 : code)));
  return { child, ended };
}

/** SQLite in memory, as the files say, unless there is the address of a PostgreSQL server. */
function database() {
  const address = process.env.GREENROOM_POSTGRES;
  if (!address) return {};
  return {
    APP_CONFIG_backend_database_client: 'pg',
    APP_CONFIG_backend_database_connection: address,
  };
}
