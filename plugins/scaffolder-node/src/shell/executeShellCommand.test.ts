// Tests of programs that actions run.
import { executeShellCommand } from './executeShellCommand';

const node = (program: string, more: Partial<Parameters<typeof executeShellCommand>[0]> = {}) =>
  executeShellCommand({
    command: process.execPath,
    args: ['-e', program, '$(touch x)', '; exit 1'],
    ...more,
  });

it('runs to the end, and logs line by line what is written', async () => {
  const lines: string[] = [];
  const logger = { info: (line: string) => void lines.push(line) };
  const program =
    'console.log("one\\ntwo"); console.error("three"); process.stdout.write(process.argv.slice(1).join() + process.env.X)';
  await node(program, { logger, options: { env: { X: 'y' } } });
  expect(lines.sort()).toEqual(['$(touch x),; exit 1y', 'one', 'three', 'two']);
});

it('ends lines as terminals do, and brings one that has no end in pieces', async () => {
  const lines: string[] = [];
  const logger = { info: (line: string) => void lines.push(line) };
  await node('process.stdout.write("10 %\\r20 %\\r\\n\\né\\r", () => process.stdout.write("\\nend\\r"))', {
    logger,
  });
  expect(lines.splice(0)).toEqual(['10 %', '20 %', '', 'é', 'end']);
  await node('process.stdout.write("x".repeat(1_000_000))', { logger });
  expect(lines.join('')).toBe('x'.repeat(1_000_000));
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(200_000);
});

it('takes any amount of output that nobody wants', async () => {
  await expect(node('process.stdout.write("x".repeat(1_000_000))')).resolves.toBeUndefined();
});

it.each([
  ['process.exit(3)', "The command '.*' failed with exit code 3"],
  ['process.kill(process.pid, "SIGKILL")', "The command '.*' was ended by SIGKILL"],
])('fails as the program does: %s', async (program, message) => {
  await expect(node(program)).rejects.toThrow(new RegExp(message));
});

it('fails where there is no such program', async () => {
  await expect(executeShellCommand({ command: 'no-such-program', args: [] })).rejects.toMatchObject({
    code: 'ENOENT',
  });
});

it('ends the program when it is told to', async () => {
  const controller = new AbortController();
  const running = node('console.log("up"); setInterval(() => {}, 1000)', {
    logger: { info: () => controller.abort() },
    options: { signal: controller.signal },
  });
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
});
