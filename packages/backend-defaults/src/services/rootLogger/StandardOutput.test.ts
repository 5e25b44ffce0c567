// Lines on standard output, from processes of their own: their order, the end of a process, readers that go away.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const request = "logger.info('GET /x 200', { type: 'request' });";

/** Runs a program that has a `logger`, with lines as JSON. */
function run(program: string) {
  const script = `
    const { RootLogger } = require(${JSON.stringify(require.resolve('./RootLogger'))});
    const logger = RootLogger.create({ format: 'json' });
    ${program}`;
  const args = ['--conditions=greenroom-source', '--import', 'tsx', '-e', script];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
}

async function messages(program: string): Promise<string[]> {
  const lines = (await text(run(program).stdout)).trim().split('\n');
  return lines.map(line => (JSON.parse(line) as { message: string }).message);
}

it('keeps lines in their order, whether they wait or not', async () => {
  const program = `${request} logger.info('between'); ${request} ${request} logger.warn('last');`;
  const expected = ['GET /x 200', 'between', 'GET /x 200', 'GET /x 200', 'last'];
  expect(await messages(program)).toEqual(expected);
});

it('writes lines that wait with the next turn, though nothing else is logged', async () => {
  const child = run(`${request} setTimeout(() => {}, 60_000);`);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  expect(JSON.parse(line)).toMatchObject({ message: 'GET /x 200' });
  child.kill('SIGKILL');
});

it.each([
  ['process.exit', 'process.exit();'],
  ['an error that nobody catches', 'throw new Error();'],
])('loses no line that waits at %s', async (_what, end) => {
  expect(await messages(`${request} ${request} ${end}`)).toEqual(['GET /x 200', 'GET /x 200']);
});

it('goes on after an error that is thrown at the end of the turn, before the lines that wait are written', async () => {
  const program = `
    let count = 0;
    process.on('uncaughtException', error => (++count > 3 ? process.exit() : logger.error(error.message)));
    setImmediate(() => {
      throw new Error('thrown');
    });
    ${request}
    setTimeout(() => logger.info('later'), 20);`;
  expect(await messages(program)).toEqual(['GET /x 200', 'thrown', 'later']);
});

it('holds back no more than a few thousand characters within a turn', async () => {
  const child = run(
    `for (let nr = 0; nr < 500; nr++) ${request} Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);`,
  );
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  expect(JSON.parse(line)).toMatchObject({ message: 'GET /x 200' });
  child.kill('SIGKILL');
});

it('goes on when nobody reads any more', async () => {
  const child = run(`
    logger.info('first');
    setTimeout(() => {
      ${request}
      logger.info('unread');
      setTimeout(() => process.exit(7), 20);
    }, 50);`);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect((await once(child, 'exit'))[0]).toBe(7);
});
