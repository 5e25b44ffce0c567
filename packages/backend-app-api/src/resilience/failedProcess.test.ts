// Processes whose backend fails to start: exit codes and output.
import { runProgram } from './runProgram';

const failed = /^error: Plugin 'b' failed in its init: no disk.* The backend did not start\.$/;
const timesSaid = (lines: string[], what: RegExp) => lines.filter(line => what.test(line)).length;

describe('a failed start that nobody handles ends the process with code 1', () => {
  it.each([
    ['a CommonJS program that does not await it', 'failures.ts', 'not awaited'],
    ['an ES module that awaits it at its top level', 'topLevelAwait.mts', 'fails'],
  ])('%s: after the stop sequence, and the error is logged once', async (_, file, name) => {
    const { code, lines } = await runProgram(file, [name]);
    expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringMatching(failed), 'a down'] });
  });

  it('even if it is thrown on as the cause of another error', async () => {
    const { code, lines } = await runProgram('failures.ts', ['caught and wrapped']);
    const rethrown = 'error: Unhandled rejection [no start] {"plugin":"b"}';
    expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringMatching(failed), 'a down', rethrown] });
  });

  it.each(['two backends', 'two backends, noticed late'])(
    '%s: the other backend is stopped, too',
    async name => {
      const { code, lines } = await runProgram('failures.ts', [name]);
      expect(code).toBe(1);
      expect(lines).toEqual([expect.stringMatching(failed), 'a down', 'c down']);
    },
  );

  it('with no logger: the error is printed', async () => {
    const { code, lines } = await runProgram('failures.ts', ['without a logger']);
    expect(code).toBe(1);
    expect(timesSaid(lines, /no disk/)).toBe(1);
  });
});

it.each(['stopped by the program', 'stopped by the program, awaited elsewhere'])(
  '%s: a start that fails for it, and that nobody handles, is no failure of the process',
  async name => {
    const { code, lines } = await runProgram('failures.ts', [name]);
    expect({ code, last: lines.at(-1) }).toEqual({ code: 0, last: 'stopped: success' });
  },
);

it('an error of the callback of a start counts, also where it stops the backend', async () => {
  const { code, lines } = await runProgram('failures.ts', ['stopped in a callback that throws']);
  expect(code).toBe(1);
  expect(timesSaid(lines, /no callback/)).toBeGreaterThan(0);
});

describe('a start that fails and that is handled', () => {
  it('leaves the process to whoever handles it', async () => {
    const { code, lines } = await runProgram('failures.ts', ['with callbacks'], ['SIGUSR2']);
    expect(code).toBe(3);
    expect(lines.slice(1)).toEqual(['a down', 'told: GR_STARTUP_FAILED', 'alive, listeners: 0', 'signal me']);
  });

  it('does not end the process either if it later is the cause of another error', async () => {
    const { code, lines } = await runProgram('failures.ts', ['with callbacks, kept as a cause']);
    expect(code).toBe(3);
    expect(lines.slice(1)).toEqual(['a down', 'error: Unhandled rejection [later] {"plugin":"b"}']);
  });
});

describe('a process that has nothing left to do while a backend starts ends with code 1, and says what it waited for', () => {
  it.each([
    ['failures.ts', 'empty loop in an init', /^error: .*plugin 'a' is not up and still waits for its init\./],
    ['topLevelAwait.mts', 'hangs', /^error: .*plugin 'b' is not up and still waits for its init\./],
    [
      'failures.ts',
      'empty loop in a root service',
      /^error: .*the backend is not up and still waits for service 'test.root'\./,
    ],
    [
      'failures.ts',
      'empty loop in the configuration',
      /the backend is not up and still waits for service 'core.rootConfig'\./,
    ],
    ['failures.ts', 'empty loop in a feature loader', /the features that were added -> the feature loader/],
    [
      'failures.ts',
      'empty loop in an import',
      /still waits for the features that were added -> the feature added at \S+failures\.ts:\d+:\d+\./,
    ],
    [
      'failures.ts',
      'empty loop in a default factory',
      /the backend is not up and still waits for the default factory of service 'test\.brought'\./,
    ],
  ])('%s: %s', async (file, name, said) => {
    const { code, lines } = await runProgram(file, [name]);
    expect(code).toBe(1);
    expect(timesSaid(lines, said)).toBe(1);
  });

  it('even while a failed start stops, if a hook is stuck', async () => {
    const { code, lines } = await runProgram('failures.ts', ['empty loop while a failed start stops']);
    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(failed),
      'a down',
      expect.stringMatching(/given up after 50 ms/),
    ]);
  });
});
