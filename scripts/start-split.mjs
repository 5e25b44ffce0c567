// `npm run start:split`: runs the catalog and the scaffolder as two backends behind one address, with a combined log.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { freePorts } from './lib/freePorts.mjs';
import { installWhenNeeded } from './lib/installWhenNeeded.mjs';
import { splitFront } from './lib/splitFront.mjs';
import { onStopSignals } from './lib/stopSignals.mjs';
import { repositoryRoot } from './lib/workspaces.mjs';

const usage = `npm run start:split [-- --port N]

  --port N  where both are reached, 7007 by default; the two backends take the ports behind it. 0 takes free ones

GREENROOM_POSTGRES has the address of a PostgreSQL server to use in place of SQLite in memory.
`;
const backends = [
  { name: 'catalog', color: 36 },
  { name: 'scaffolder', color: 35 },
];
const followParent = new URL('./lib/followParent.mjs', import.meta.url).href;
const terminal = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
const width = Math.max(...backends.map(({ name }) => name.length));

const firstPort = readPort();
if (firstPort === undefined || !(await installWhenNeeded())) process.exitCode = 1;
else if (firstPort !== 'help') await start();

function readPort() {
  try {
    const options = { port: { type: 'string', default: '7007' }, help: { type: 'boolean', default: false } };
    const { port, help } = parseArgs({ options }).values;
    const number = Number(port);
    if (help) console.log(usage);
    if (help) return 'help';
    if (Number.isInteger(number) && number >= 0 && number <= 65_533) return number;
    throw new Error(`--port must be a number from 0 to 65533, not '${port}'`);
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    return undefined;
  }
}

async function start() {
  const ports = firstPort === 0 ? await freePorts(3) : [firstPort, firstPort + 1, firstPort + 2];
  const [frontPort] = ports;
  for (const [at, backend] of backends.entries()) backend.port = ports[at + 1];
  const front = await splitFront({ port: frontPort, portOf }).catch(error => error);
  if (front instanceof Error) {
    const why = error => (error.code === 'EADDRINUSE' ? 'it is already in use' : error.message);
    console.error(`Port ${frontPort} can't be listened on: ${why(front)}. Take others with --port N.`);
    process.exitCode = 1;
    return;
  }

  const children = backends.map(startBackend);
  const labelled = labeller('front', 33);
  process.stdout.write(labelled(`http://localhost:${frontPort} leads to both`));
  let stopping = false;
  const stop = () => {
    stopping = true;
    front.close();
    front.closeAllConnections();
    for (const { child } of children) child.kill('SIGTERM');
  };
  onStopSignals(stop);
  const codes = await Promise.all(
    children.map(async ({ name, ended }) => {
      const code = await ended;
      // If one half ends, the other one is of no use.
      if (!stopping) {
        process.stderr.write(
          labelled(`The ${name} has ended with code ${code}, so the other one is stopped`),
        );
        stop();
        return 1;
      }
      return code;
    }),
  );
  process.exit(codes.every(code => code === 0) ? 0 : 1);
}

function portOf(path) {
  const pluginId = /^\/api\/([^/?#]+)/.exec(path)?.[1];
  return (backends.find(({ name }) => name === pluginId) ?? backends.at(-1)).port;
}

function startBackend({ name, color, port }) {
  const entry = join(repositoryRoot, `packages/example-backend-${name}/src/index.ts`);
  const child = spawn(
    process.execPath,
    ['--conditions=greenroom-source', '--import', 'tsx', '--import', followParent, entry],
    {
      cwd: repositoryRoot,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...addresses(port), ...database(), FORCE_COLOR: terminal ? '1' : '0' },
      // So that Ctrl-C only reaches this process, which forwards it once.
      detached: process.platform !== 'win32',
    },
  );
  const labelled = labeller(name, color);
  for (const stream of ['stdout', 'stderr']) {
    const lines = createInterface({ input: child[stream] });
    lines.on('line', line => process[stream].write(labelled(line)));
  }
  // The close event comes after the last line of output.
  const ended = new Promise(resolve => child.on('close', (code, signal) => resolve(signal ?? code)));
  return { name, child, ended };
}

function labeller(name, color) {
  const label = name.padEnd(width);
  const front = terminal ? `\u001B[${color}m${label}\u001B[0m | ` : `${label} | `;
  return line => `${front}${line}\n`;
}

/** The addresses of a backend and of the other one, if they differ from those in its configuration file. */
function addresses(port) {
  if (firstPort === 7007) return {};
  const endpoints = backends.map(other => ({
    target: `http://127.0.0.1:${other.port}/api/{{pluginId}}`,
    plugins: [other.name],
  }));
  return {
    APP_CONFIG_backend_listen_port: String(port),
    APP_CONFIG_discovery_endpoints: JSON.stringify(endpoints),
  };
}

/** SQLite in memory, as configured in the files, unless the address of a PostgreSQL server is set. */
function database() {
  const address = process.env.GREENROOM_POSTGRES;
  if (!address) return {};
  return {
    APP_CONFIG_backend_database_client: 'pg',
    APP_CONFIG_backend_database_connection: address,
  };
}
