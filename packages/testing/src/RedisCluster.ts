// A Redis cluster of a test's own, whose servers can be killed and silenced.
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually';
import { freePort } from './freePort';

const run = promisify(execFile);
const programs = ['redis-server', 'redis-cli'];

/** Options of {@link RedisCluster}. */
export interface RedisClusterOptions {
  masters?: number;
  /** How many replicas the first master has. */
  replicas?: number;
  password?: string;
  /** Texts in PEM format. Servers then take connections with TLS alone. */
  tls?: { cert: string; key: string };
}

interface Node {
  port: number;
  busPort: number;
  id: string;
  child: ChildProcess;
}

/** Servers on free ports of 127.0.0.1, to which the slots are dealt out in equal parts. */
export class RedisCluster {
  readonly #directory = mkdtempSync(join(tmpdir(), 'greenroom-redis-'));
  readonly #options: RedisClusterOptions;
  readonly #nodes: Node[] = [];

  /** Resolves when all servers take commands. */
  static async start(options: RedisClusterOptions = {}): Promise<RedisCluster> {
    const cluster = new RedisCluster(options);
    try {
      await cluster.#start();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** Asked only where it matters, as tests of everything else import this file, too. */
  static get isInstalled(): boolean {
    return programs.every(name => spawnSync(name, ['--version']).status === 0);
  }

  private constructor(options: RedisClusterOptions) {
    this.#options = options;
    if (options.tls) {
      writeFileSync(join(this.#directory, 'cert.pem'), options.tls.cert);
      writeFileSync(join(this.#directory, 'key.pem'), options.tls.key);
    }
  }

  get ports(): number[] {
    return this.#nodes.map(({ port }) => port);
  }

  /** What a server answers to a command, in the form of redis-cli for programs. */
  async command(port: number, ...command: string[]): Promise<string> {
    const { password, tls } = this.#options;
    const options = [
      ...['-p', String(port), '--no-auth-warning', '-e'],
      ...(password ? ['-a', password] : []),
      ...(tls ? ['--tls', '--insecure'] : []),
    ];
    return (await run('redis-cli', [...options, ...command])).stdout.trim();
  }

  /** Gives the port of the master that has a slot, as a server knows it now. */
  async owners(asked = this.ports[1] ?? this.ports[0]!): Promise<(slot: number) => number> {
    const ranges = (await this.command(asked, 'CLUSTER', 'NODES')).split('\n').flatMap(line => {
      const [, address, , , , , , , ...slots] = line.split(' ');
      const port = Number(/:(\d+)@/.exec(address!)![1]);
      return slots.map(text => ({ port, bounds: text.split('-').map(Number) }));
    });
    return slot => {
      const owner = ranges.find(({ bounds: [first, last = first] }) => first! <= slot && slot <= last!);
      if (!owner) throw new Error(`No server has slot ${slot}`);
      return owner.port;
    };
  }

  idOf(port: number): string {
    return this.#node(port).id;
  }

  /** Sends a signal such as SIGKILL, SIGSTOP or SIGCONT to a server. */
  async signal(port: number, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const { child } = this.#node(port);
    const exit = signal === 'SIGKILL' ? once(child, 'exit') : undefined;
    child.kill(signal);
    await exit;
  }

  /** Starts a server again that was killed; it takes its part in the cluster by itself. */
  async restart(port: number): Promise<void> {
    const node = this.#node(port);
    node.child = this.#spawn(node);
    if (!(await this.#answers(node))) throw new Error(`The server on port ${port} did not start again`);
  }

  /** Resolves when all servers agree that the cluster takes commands, and replicas have what their masters have. */
  async ready(): Promise<void> {
    await eventually(async () => {
      for (const { port } of this.#nodes) {
        const info = await this.command(port, 'CLUSTER', 'INFO');
        const nodes = await this.command(port, 'CLUSTER', 'NODES');
        if (!info.includes('cluster_state:ok')) throw new Error(info);
        const role = await this.command(port, 'ROLE');
        if (role.startsWith('slave') && !role.includes('\nconnected')) throw new Error(role);
        if (/fail|handshake/.test(nodes) || nodes.split('\n').length < this.#nodes.length)
          throw new Error(nodes);
      }
    });
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#nodes.map(
        ({ port, child }) => child.exitCode ?? child.signalCode ?? this.signal(port, 'SIGKILL'),
      ),
    );
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #node(port: number): Node {
    return this.#nodes.find(node => node.port === port)!;
  }

  async #start(): Promise<void> {
    const { masters = 3, replicas = 0 } = this.#options;
    while (this.#nodes.length < masters + replicas) {
      const place = { port: await freePort(), busPort: await freePort() };
      const node = { ...place, id: '', child: this.#spawn(place) };
      this.#nodes.push(node);
      // Others may have taken the port meanwhile.
      if (!(await this.#answers(node))) this.#nodes.pop();
    }
    const [first, ...others] = this.#nodes;
    const part = Math.ceil(16_384 / masters);
    for (const [index, { port }] of this.#nodes.slice(0, masters).entries()) {
      await this.command(port, 'CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
      const range = [index * part, Math.min((index + 1) * part, 16_384) - 1].map(String);
      await this.command(port, 'CLUSTER', 'ADDSLOTSRANGE', ...range);
    }
    for (const { port } of others) {
      await this.command(port, 'CLUSTER', 'MEET', '127.0.0.1', String(first!.port), String(first!.busPort));
    }
    for (const { port } of this.#nodes.slice(masters)) {
      await eventually(async () => void (await this.command(port, 'CLUSTER', 'REPLICATE', first!.id)));
    }
    await this.ready();
  }

  /** Whether a server takes commands, or has ended instead. */
  #answers(node: Node): Promise<boolean> {
    return eventually(async () => {
      if (node.child.exitCode !== null) return false;
      node.id = await this.command(node.port, 'CLUSTER', 'MYID');
      return true;
    });
  }

  #spawn({ port, busPort }: Pick<Node, 'port' | 'busPort'>): ChildProcess {
    const { password, tls } = this.#options;
    const settings = {
      ...(tls ? { port: 0, 'tls-port': port, 'tls-cluster': 'yes', 'tls-auth-clients': 'no' } : { port }),
      ...(tls && { 'tls-cert-file': 'cert.pem', 'tls-key-file': 'key.pem', 'tls-ca-cert-file': 'cert.pem' }),
      ...(password && { requirepass: password, masterauth: password }),
      dir: this.#directory,
      bind: '127.0.0.1',
      'cluster-enabled': 'yes',
      'cluster-port': busPort,
      'cluster-config-file': `nodes-${port}.conf`,
      // A busy machine is no failure: tests let replicas take over by a command.
      'cluster-node-timeout': 10_000,
      'repl-diskless-sync-delay': 0,
      save: '',
      appendonly: 'no',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    return spawn('redis-server', args, { stdio: 'ignore' });
  }
}
