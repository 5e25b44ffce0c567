// Lines on standard output, from processes of their own: their order, the end of a process, readers and space that go away.
import { spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { SmallDisk } from '../../testing/SmallDisk';
import { sourceArguments } from '../../testing/sourceArguments';

const request = "logger.info('GET /x 200', { type: 'request' });";

/** Runs a program that has a `logger`, with lines as JSON. */
function run(program: string, stdio: StdioOptions = ['ignore', 'pipe', 'ignore']) {
  const script = `
    const { RootLogger } = require(${JSON.stringify(require.resolve('./RootLogger'))});
    const logger = RootLogger.create({ format: 'json' });
    ${program}`;
  return spawn(process.execPath, [...sourceArguments, '-e', script], { stdio });
}

async function messages(program: string): Promise<string[]> {
  const lines = (await text(run(program).stdout!)).trim().split('\n');
  return lines.map(line => (JSON.parse(line) as { message: string }).message);
}

it('keeps lines in their order, whether they wait or not', async () => {
  const program = `${request} logger.info('between'); ${request} ${request} logger.warn('last');`;
  const expected = ['GET /x 200', 'between', 'GET /x 200', 'GET /x 200', 'last'];
  expect(await messages(program)).toEqual(expected);
});

it('writes lines that wait with the next turn, though nothing else is logged', async () => {
  const child = run(`${request} setTimeout(() => {}, 60_000);`);
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
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
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
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
  await once(child.stdout!, 'data');
  child.stdout!.destroy();
  expect((await once(child, 'exit'))[0]).toBe(7);
});

const full = existsSync('/dev/full') ? it : it.skip;

full('goes on when nothing can be written, and tells standard error once', async () => {
  const output = openSync('/dev/full', 'w');
  const program = `logger.warn('first'); ${request} logger.warn('second'); setTimeout(() => process.exit(7), 20);`;
  const child = run(program, ['ignore', output, 'pipe']);
  closeSync(output);
  const [errors, [code]] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
  expect(code).toBe(7);
  expect(errors).toMatch(
    /^The log can't be written to standard output, and goes on when it can: ENOSPC.*\n$/,
  );
});

const canMount = SmallDisk.canMount();

(canMount ? it : it.skip)(
  `writes what was kept when there is space again${canMount ? '' : ' (skipped: this user may not mount a file system)'}`,
  async () => {
    const disk = SmallDisk.mount(1);
    try {
      const log = join(disk.directory, 'log');
      const output = openSync(log, 'a');
      const program = `
        process.on('message', ({ level, message }) => (logger[level](message), process.send('logged')));
        process.on('disconnect', () => process.exit());
        process.send('ready');`;
      const child = run(program, ['ignore', output, 'ignore', 'ipc']);
      closeSync(output);
      await once(child, 'message');
      const say = async (level: string, message: string) => {
        child.send({ level, message });
        await once(child, 'message');
      };
      await say('info', 'before');
      disk.fill();
      for (let nr = 0; nr < 3; nr++) await say('info', `${nr}`.repeat(4_096));
      disk.free();
      await say('info', 'after');
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
      const lines = readFileSync(log, 'utf8').trim().split('\n');
      expect(lines.map(line => (JSON.parse(line) as { message: string }).message[0])).toEqual([...'b012a']);
    } finally {
      await disk.remove();
    }
  },
);
