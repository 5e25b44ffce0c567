// A PgBouncer of a test's own, in front of a PostgreSQL server.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './freePort';

// Debian has it where only root's PATH looks.
const program = ['pgbouncer', '/usr/sbin/pgbouncer'].find(
  command => spawnSync(command, ['--version']).status === 0,
);

/** Listens on a free port of 127.0.0.1, and lets everybody in as the user of the server's URL. */
export class PgBouncer {
  static readonly isInstalled = program !== undefined;
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #server: URL;
  readonly port: number;

  /** Resolves when it accepts connections. */
  static async start(
    server: string,
    options: { mode: 'session' | 'transaction'; poolSize?: number },
  ): Promise<PgBouncer> {
    const directory = mkdtempSync(join(tmpdir(), 'greenroom-pgbouncer-'));
    const bouncer = new PgBouncer(directory, new URL(server), { port: await freePort(), ...options });
    while (!(await bouncer.#accepts())) await sleep(20);
    return bouncer;
  }

  private constructor(
    directory: string,
    server: URL,
    { port, mode, poolSize = 20 }: { port: number; mode: string; poolSize?: number },
  ) {
    this.#directory = directory;
    this.#server = server;
    this.port = port;
    const { hostname, port: upstream, username, password } = server;
    const login = `user=${username}${password && ` password=${decodeURIComponent(password)}`}`;
    const file = join(directory, 'pgbouncer.ini');
    const settings = [
      '[databases]',
      `* = host=${hostname} port=${upstream || 5432} ${login}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      `pool_mode = ${mode}`,
      `default_pool_size = ${poolSize}`,
    ];
    writeFileSync(file, settings.join('\n'));
    // It refuses to run as root.
    chmodSync(directory, 0o755);
    const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    this.#child = spawn(program!, ['-q', ...user, file], { stdio: 'ignore' });
  }

  /** The URL of the server, by way of this. */
  get url(): string {
    const url = new URL(this.#server);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      const exit = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await exit;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #accepts(): Promise<boolean> {
    if (this.#child.exitCode !== null) throw new Error('PgBouncer did not start');
    return new Promise(resolve => {
      const socket = connect(this.port, '127.0.0.1');
      const end = (accepts: boolean) => {
        socket.destroy();
        resolve(accepts);
      };
      socket.on('connect', () => end(true)).on('error', () => end(false));
    });
  }
}
