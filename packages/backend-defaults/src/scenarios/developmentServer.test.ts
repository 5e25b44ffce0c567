// Under a development server that starts the backend anew for each change, databases in memory are kept: real processes.
import { type ChildProcess, fork, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const running = new Set<ChildProcess>();

afterEach(() => running.forEach(child => child.kill('SIGKILL')));

interface Request {
  type: string;
  id: number;
  method: string;
  body: { key: string; data?: Serializable };
}

/** The store of the server: what `@backstage/backend-dev-utils` asks its parent process for, and the answers it takes. */
class DevelopmentServer {
  readonly kept = new Map<string, Serializable>();
  isSilent = false;

  /** Starts an instance; resolves with what it told, and a function that ends it as the server does. */
  async start({ channel = '1' } = {}) {
    const child = fork(join(__dirname, 'programs', 'countingInstance.ts'), {
      execArgv: ['--conditions=greenroom-source', '--import', 'tsx'],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: {
        ...process.env,
        NODE_ENV: 'development',
        LOG_LEVEL: 'error',
        BACKSTAGE_CLI_CHANNEL: channel,
      },
    });
    running.add(child);
    child.on('message', message => this.#answer(child, message as Request));
    const [line] = await once(createInterface({ input: child.stdout! }), 'line');
    const end = async () => {
      child.kill('SIGTERM');
      const [code] = await once(child, 'exit');
      running.delete(child);
      return code;
    };
    return { told: JSON.parse(line), end, disconnect: () => child.disconnect() };
  }

  #answer(child: ChildProcess, { type, id, method, body }: Request): void {
    if (type !== '@backstage/cli/channel/request' || this.isSilent) return;
    const { key, data } = body;
    const answer =
      method === 'DevDataStore.save'
        ? { saved: this.kept.set(key, data!).has(key) }
        : { loaded: this.kept.has(key), data: this.kept.get(key) };
    child.send({ type: '@backstage/cli/channel/response', id, body: answer });
  }
}

// Each test starts several processes.
jest.setTimeout(60_000);

describe('a development server', () => {
  it('gives each process the databases of the one before', async () => {
    const server = new DevelopmentServer();
    const counts: number[] = [];
    for (let process = 0; process < 3; process++) {
      const { told, end } = await server.start();
      counts.push(told.count);
      expect(told.filename).toBe(':memory:');
      expect(await end()).toBe(0);
    }
    expect(counts).toEqual([1, 2, 3]);
  });

  it('is not asked where it is none', async () => {
    const server = new DevelopmentServer();
    const { end } = await server.start({ channel: '' });
    expect(await end()).toBe(0);
    expect(server.kept.size).toBe(0);
  });

  it('may be silent, or gone before the backend', async () => {
    const server = new DevelopmentServer();
    server.isSilent = true;
    const silent = await server.start();
    expect(silent.told.count).toBe(1);
    expect(await silent.end()).toBe(0);
    server.isSilent = false;
    const left = await server.start();
    left.disconnect();
    expect(await left.end()).toBe(0);
    expect(server.kept.size).toBe(0);
  });
});
