// A PostgreSQL server of a test's own, which may be stopped and killed.
import { freePort } from '@greenroom/testing';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const home = '/usr/lib/postgresql';

/** Where the programs of the newest release are that is installed; `undefined` where there is none. */
const binaries = existsSync(home)
  ? readdirSync(home)
      .sort((a, b) => Number(b) - Number(a))
      .map(version => join(home, version, 'bin'))
      .find(directory => existsSync(join(directory, 'initdb')))
  : undefined;

/** A cluster in a temporary directory, on a free port of 127.0.0.1, which asks all but `postgres` for a password. */
export class PrivatePostgres {
  static readonly isInstalled = binaries !== undefined;
  readonly #directory: string;
  readonly #maxConnections: number;
  readonly #tls: boolean;
  readonly port: number;

  static async start(
    options: { maxConnections?: number; tls?: { cert: string; key: string } } = {},
  ): Promise<PrivatePostgres> {
    const directory = mkdtempSync(join(tmpdir(), 'greenroom-postgres-'));
    const own = (...files: string[]) =>
      process.getuid?.() === 0 && execFileSync('chown', ['postgres', ...files]);
    const server = new PrivatePostgres(directory, await freePort(), options);
    own(directory);
    server.#run('initdb', '-D', directory, '-U', 'postgres', '-A', 'trust', '-N');
    const everybody = 'local all all trust\nhost all postgres all trust\nhost all all all scram-sha-256\n';
    writeFileSync(join(directory, 'pg_hba.conf'), everybody);
    if (options.tls) {
      const [cert, key] = ['server.crt', 'server.key'].map(name => join(directory, name));
      writeFileSync(cert!, options.tls.cert);
      writeFileSync(key!, options.tls.key, { mode: 0o600 });
      own(cert!, key!);
    }
    server.start();
    return server;
  }

  private constructor(
    directory: string,
    port: number,
    { maxConnections = 100, tls }: { maxConnections?: number; tls?: object },
  ) {
    this.#maxConnections = maxConnections;
    this.#tls = tls !== undefined;
    this.#directory = directory;
    this.port = port;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  /** Resolves when it answers. */
  start(): void {
    const options = `-p ${this.port} -k ${this.#directory} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=${this.#maxConnections} -c ssl=${this.#tls ? 'on' : 'off'}`;
    this.#run('pg_ctl', 'start', '-w', '-D', this.#directory, '-o', options, '-l', `${this.#directory}/log`);
  }

  /** Ends it as a crash would, or in order with all connections cut. */
  stop(mode: 'fast' | 'immediate' = 'fast'): void {
    this.#run('pg_ctl', 'stop', '-w', '-D', this.#directory, '-m', mode);
  }

  remove(): void {
    try {
      this.stop('immediate');
    } catch {
      // A test may have stopped it.
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** The server refuses to run as root. */
  #run(program: string, ...args: string[]): void {
    const command = [join(binaries!, program), ...args];
    const [file, ...rest] =
      process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--', ...command] : command;
    // Standard output is not piped: the server would keep it open.
    execFileSync(file!, rest, { stdio: 'ignore', cwd: tmpdir() });
  }
}
