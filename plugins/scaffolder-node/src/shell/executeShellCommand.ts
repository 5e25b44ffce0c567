// Runs a program for an action, and logs its output.
import { spawn, type SpawnOptionsWithoutStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { LoggerService } from '@greenroom/backend-plugin-api';

/**
 * Options of {@link executeShellCommand}.
 *
 * @public
 */
export type ExecuteShellCommandOptions = {
  /** The program to run, looked up in `PATH`. */
  command: string;
  args: string[];
  /** Options of `spawn` of `node:child_process`, such as `cwd`, `env` and `signal`. */
  options?: SpawnOptionsWithoutStdio;
  /** Receives each line that the program writes, including standard error. By default the output is discarded. */
  logger?: Pick<LoggerService, 'info'>;
};

/**
 * Runs a program until it ends. Arguments are passed unchanged: without `shell` in the options, no shell interprets
 * them.
 *
 * Rejects if the program can't be started, exits with a code other than 0, or is ended by a signal. If the `signal`
 * of the options is aborted, the program is ended and the promise rejects with an `AbortError`.
 *
 * @public
 */
export async function executeShellCommand({
  command,
  args,
  options = {},
  logger,
}: ExecuteShellCommandOptions): Promise<void> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    if (logger) createInterface({ input: stream }).on('line', line => logger.info(line));
    else stream.resume();
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (code === 0) return;
  const how = signal ? `was ended by ${signal}` : `failed with exit code ${code}`;
  throw new Error(`The command '${command}' ${how}`);
}
