// Runs a backend with the scaffolder in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import type { startScaffolderBackend } from './startScaffolderBackend';

/** One instance. Several may share a database. */
export class ScaffolderProcess {
  readonly #child: ChildProcess;
  readonly url: string;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** Resolves once it is ready. */
  static async start(
    options: Pick<Parameters<typeof startScaffolderBackend>[0], 'database' | 'entities' | 'scaffolder'>,
  ): Promise<ScaffolderProcess> {
    const tsx = pathToFileURL(require.resolve('tsx')).href;
    const child = spawn(
      process.execPath,
      [
        '--conditions=greenroom-source',
        '--import',
        tsx,
        join(__dirname, 'scaffolderProgram.ts'),
        JSON.stringify(options),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let errors = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const [url] = (await Promise.race([
      once(createInterface({ input: child.stdout! }), 'line'),
      once(child, 'exit').then(() => Promise.reject(new Error(`The backend did not start:\n${errors}`))),
    ])) as [string];
    return new ScaffolderProcess(child, url);
  }

  /** Suspends the process, as if the machine had frozen. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** Resolves once it is gone. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exit;
  }
}
