// Processes that receive signals, or in which nobody catches an error: exit codes and output.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './runProgram';

const isSignalMe = (line: string) => line === 'signal me';

describe('a signal', () => {
  it.each<[name: string, signals: number, code: number, lines: unknown]>([
    ['a failed hook and a second signal', 2, 1, ['a down', expect.stringMatching(/^error: .*stuck/)]],
    ['two backends', 1, 0, expect.arrayContaining(['a down', 'b down'])],
    ['a third signal', 3, 1, []],
    ['a hook that never ends', 1, 1, ['a down', expect.stringMatching(/given up after 60 ms/)]],
    ['a signal during a stop', 1, 1, ['a down', expect.stringMatching(/^error: .*stuck/)]],
    ['a signal after a failure', 1, 1, [expect.stringMatching(/^error: .*no disk/), 'a down']],
    [
      'during a root service',
      1,
      0,
      [expect.stringMatching(/was stopped while it was starting/), 'root down'],
    ],
    [
      'during an init, nothing awaited',
      1,
      0,
      [expect.stringMatching(/was stopped while it was starting/), 'a down', 'b down'],
    ],
    ['during an import', 1, 0, []],
    ['a backend that is started late', 1, 0, ['a down', 'late down']],
    ['a program with an exit code of its own', 1, 4, ['a down']],
  ])('%s (%d sent): the process ends with code %d', async (name, signals, code, lines) => {
    const exit = await runProgram('signals.ts', [name], Array<NodeJS.Signals>(signals).fill('SIGTERM'));
    expect(exit.lines.filter(line => !isSignalMe(line))).toEqual(lines);
    expect(exit.lines.filter(isSignalMe)).toHaveLength(signals);
    expect(exit.code).toBe(code);
  });

  it('loses no line that was written before the process ends', async () => {
    const { code, lines } = await runProgram('signals.ts', ['many lines'], ['SIGINT']);
    expect(code).toBe(0);
    expect(lines.slice(1)).toEqual(Array.from({ length: 2_000 }, (_, nr) => `line ${nr}`));
  });
});

describe('an error that nobody caught', () => {
  let folder: string;
  beforeAll(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'stray-errors-')), 'plugin-greeter-backend');
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{ "name": "@acme/plugin-greeter-backend" }');
    const source = `
      exports.reject = () => void Promise.reject(new Error('stray promise'));
      exports.throwLater = done => setImmediate(() => {
        setImmediate(done);
        throw new Error('stray throw');
      });`;
    writeFileSync(join(folder, 'index.js'), source);
  });
  afterAll(() => rmSync(join(folder, '..'), { recursive: true }));

  it('is logged by the root logger, with the plugin it came from, and the process goes on', async () => {
    const { code, lines } = await runProgram('strayErrors.ts', [folder], ['SIGTERM']);
    expect(lines).toEqual([
      'error: Unhandled rejection [stray promise] {"plugin":"greeter"}',
      'error: Unhandled rejection [named (plugin \'greeter\' -> service \'a\')] {"plugin":"greeter"}',
      'error: Unhandled rejection [of nobody]',
      "error: Unhandled rejection: the string 'a string' was thrown",
      'error: Uncaught exception [stray throw] {"plugin":"greeter"}',
      'alive, listeners: 1',
      'signal me',
    ]);
    expect(code).toBe(0);
  });
});
