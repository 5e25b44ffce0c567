// Runs a program for an action, and logs its output.
import { spawn, type SpawnOptionsWithoutStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { LoggerService } from '@greenroom/backend-plugin-api';

/**
 * What to run, and how.
 *
 * @public
 */
export type ExecuteShellCommandOptions = {
  /** A program, found by `PATH`. */
  command: string;
  args: string[];
  /** As for `spawn` of `node:child_process`, such as `cwd`, `env` and `signal`. */
  options?: SpawnOptionsWithoutStdio;
  /** Gets each line that the program writes, those of standard error included. Default: nobody does. */
  logger?: Pick<LoggerService, 'info'>;
};

/**
 * Runs a program to its end. Arguments go to it as they are: without `shell` in the options no shell reads them.
 *
 * Rejects where it can't be started, where it ends with another code than 0 or by a signal, and with an `AbortError` where
 * the `signal` of the options is aborted, which ends it.
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
