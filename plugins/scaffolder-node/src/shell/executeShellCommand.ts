// Runs a program for an action, and logs its output.
import { spawn, type SpawnOptionsWithoutStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { LoggerService } from '@greenroom/backend-plugin-api';

/** A program may write for ever without ending a line. */
const LONGEST_LINE = 65_536;

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
  /**
   * Receives each line that the program writes, including standard error; a very long one comes in pieces. By default
   * the output is discarded.
   */
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
    if (logger) onLines(stream, line => logger.info(line));
    else stream.resume();
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (code === 0) return;
  const how = signal ? `was ended by ${signal}` : `failed with exit code ${code}`;
  throw new Error(`The command '${command}' ${how}`);
}

/** Lines end like those of `node:readline`, which fails when one is longer than any string can be. */
function onLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    // A carriage return at the end may be the first half of a line end.
    const lines = (rest + text).split(/\r\n|[\n\u2028\u2029]|\r(?=[^])/);
    rest = lines.pop()!;
    lines.forEach(onLine);
    if (rest.length < LONGEST_LINE) return;
    onLine(rest);
    rest = '';
  });
  stream.on('end', () => rest !== '' && onLine(rest.replace(/\r$/, '')));
}
