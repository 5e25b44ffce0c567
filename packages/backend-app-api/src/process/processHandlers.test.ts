// Tests of the process handlers, with events emitted by the test: which backends stop, the exit code, and the output.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { EngineError } from '../errors';
import { addProcessParticipant, noteStartFailure, type ProcessParticipant } from './processHandlers';

const events = ['SIGTERM', 'SIGINT', 'beforeExit', 'unhandledRejection', 'uncaughtException'] as const;
const listeners = () => events.map(event => process.listenerCount(event));

const removers: Array<() => void> = [];
let exit: jest.SpyInstance;
let written: string[];
const exitCode = process.exitCode;

beforeEach(() => {
  jest.replaceProperty(process, 'env', { ...process.env, NODE_ENV: 'production' });
  exit = jest.spyOn(process, 'exit').mockReturnValue(undefined as never);
  written = [];
  jest.spyOn(process.stderr, 'write').mockImplementation(text => written.push(String(text)) > 0);
});
afterEach(() => {
  removers.splice(0).forEach(remove => remove());
  process.exitCode = exitCode;
  jest.restoreAllMocks();
});

/** A backend that stops cleanly, has no plugin and logs everything, unless said otherwise. */
function participate(given: Partial<ProcessParticipant> = {}) {
  const logged: unknown[][] = [];
  const logger = (plugin?: string) =>
    ({
      error: (...args: unknown[]) => void logged.push([...args, plugin]),
      child: (meta: { plugin: string }) => logger(meta.plugin),
    }) as unknown as LoggerService;
  const participant: jest.Mocked<ProcessParticipant> = {
    stop: jest.fn(given.stop ?? (async () => true)),
    hasPlugin: jest.fn(given.hasPlugin ?? (() => false)),
    logger: jest.fn(given.logger ?? (() => logger())),
    onIdle: jest.fn(given.onIdle),
  };
  const remove = addProcessParticipant(participant);
  removers.push(remove);
  return { ...participant, logged, remove };
}

const emit = (event: string, ...args: unknown[]) => process.emit(event as 'exit', ...(args as [number]));
/** The code of the next end of the process. */
const ended = () =>
  new Promise<unknown>(resolve => void exit.mockImplementation(code => resolve(code ?? 'as it is')));

describe('a signal', () => {
  it.each(['SIGTERM', 'SIGINT'])('%s stops every backend, then ends the process', async signal => {
    const [one, two] = [participate(), participate()];
    const code = ended();
    emit(signal);
    expect(exit).not.toHaveBeenCalled();
    expect(await code).toBe('as it is');
    expect([one, two].map(({ stop }) => stop.mock.calls.length)).toEqual([1, 1]);
  });

  it.each<[string, () => Promise<boolean>]>([
    ['did not stop cleanly', async () => false],
    ['failed to stop', () => Promise.reject(new Error('no'))],
  ])('ends it with code 1 if one of them %s', async (_, stop) => {
    participate();
    participate({ stop });
    const code = ended();
    emit('SIGTERM');
    expect(await code).toBe(1);
  });

  it('leaves a code that is set already', async () => {
    participate();
    process.exitCode = 3;
    const code = ended();
    emit('SIGTERM');
    expect(await code).toBe(3);
  });

  it('also stops a backend that was added while the others stopped, each once', async () => {
    const late: Array<ReturnType<typeof participate>> = [];
    const first = participate({
      stop: async () => {
        late.push(participate({ stop: async () => false }));
        return true;
      },
    });
    const code = ended();
    emit('SIGTERM');
    expect(await code).toBe(1);
    expect(first.stop).toHaveBeenCalledTimes(1);
    expect(late.map(({ stop }) => stop.mock.calls.length)).toEqual([1]);
  });

  it('given again does not cut the stop short; the third ends the process at once', async () => {
    let finish = (_: boolean) => {};
    const { stop } = participate({ stop: () => new Promise(resolve => (finish = resolve)) });
    emit('SIGTERM');
    emit('SIGINT');
    expect(exit).not.toHaveBeenCalled();
    expect(stop).toHaveBeenCalledTimes(1);
    emit('SIGTERM');
    expect(exit.mock.calls).toEqual([[1]]);
    const code = ended();
    finish(true);
    await code;
  });
});

describe('an error that nobody caught', () => {
  const ofPlugin = new EngineError('GR_INIT_FAILED', { subject: "plugin 'p'", reason: 'x' });

  it.each([
    ['unhandledRejection', 'Unhandled rejection'],
    ['uncaughtException', 'Uncaught exception'],
  ])('(%s) is logged by the first backend that can, and the process goes on', (event, message) => {
    const mute = participate({ logger: () => undefined });
    const [one, two] = [participate(), participate()];
    emit(event, 'stray');
    expect(mute.logger).toHaveBeenCalledTimes(1);
    expect(one.logged).toEqual([[`${message}: the string 'stray' was thrown`, undefined]]);
    expect(two.logged).toEqual([]);
    expect(written).toEqual([]);
    expect(exit).not.toHaveBeenCalled();
  });

  it.each(['unhandledRejection', 'uncaughtException'])(
    '(%s) is told where it can not be looked at',
    event => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      const { logged } = participate();
      emit(event, proxy);
      const fail = () => {
        throw new Error('not to be looked at');
      };
      emit(event, new Proxy({}, { get: fail, ownKeys: fail }));
      expect(logged).toHaveLength(2);
    },
  );

  it('is logged by the backend that has the plugin it came from', () => {
    const other = participate();
    const owner = participate({ hasPlugin: id => id === 'p' });
    emit('unhandledRejection', ofPlugin);
    expect(owner.logged).toEqual([['Unhandled rejection', ofPlugin, 'p']]);
    expect(other.logged).toEqual([]);
  });

  it('is printed if no backend can log it', () => {
    participate({ logger: () => undefined });
    emit('uncaughtException', { odd: 'thing' });
    expect(written).toEqual(["Uncaught exception: { odd: 'thing' }\n"]);
  });

  it('is not logged if it comes from writing the log, which would never end', async () => {
    const broken = () => Object.assign(new Error('write EPIPE'), { syscall: 'write' });
    const clock = jest.spyOn(performance, 'now');
    let count = 0;
    const error = () => {
      if (++count < 50) setImmediate(() => emit('uncaughtException', broken()));
    };
    participate({ logger: () => ({ error }) as unknown as LoggerService });
    for (const expected of [1, 2]) {
      clock.mockReturnValue(1e9 * expected);
      emit('uncaughtException', broken());
      for (let turn = 0; turn < 60; turn++) await new Promise(setImmediate);
      expect(count).toBe(expected);
    }
    clock.mockRestore();
  });

  it('is logged right after another one, whatever it is', () => {
    const { logged } = participate();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(1e12);
    const strange = Object.defineProperty(new Error('strange'), 'syscall', {
      get: () => { throw new Error('no'); }, // prettier-ignore
    });
    const socket = Object.assign(new Error('write ECONNRESET'), { syscall: 'write' });
    const errors = [new Error('first'), strange, socket];
    for (const error of errors) emit('uncaughtException', error);
    expect(logged.map(([, error]) => error)).toEqual(errors);
    clock.mockRestore();
  });

  it('is left to the test runner in a test', () => {
    process.env.NODE_ENV = 'test';
    const before = listeners();
    participate();
    expect(listeners().map((count, at) => count - before[at]!)).toEqual([1, 1, 1, 0, 0]);
  });
});

describe('a failed start that nobody handled', () => {
  it.each([
    [false, ['No disk.\n']],
    [true, []],
  ])('stops the other backends and ends with code 1, told once (shown before: %s)', async (shown, told) => {
    const other = participate();
    const error = new Error('No disk.');
    noteStartFailure(error, { shown, stopped: false });
    const code = ended();
    emit('unhandledRejection', error);
    expect(await code).toBe(1);
    expect(other.stop).toHaveBeenCalledTimes(1);
    expect(other.logged).toEqual([]);
    expect(written).toEqual(told);
  });

  it('ends with code 1 too if whoever caught it threw an error that has it as its cause, which is logged', async () => {
    const { logged } = participate();
    const error = new Error('No disk.');
    noteStartFailure(error, { shown: true, stopped: false });
    const code = ended();
    const wrapped = new Error('x', { cause: new Error('y', { cause: error }) });
    emit('unhandledRejection', wrapped);
    expect(await code).toBe(1);
    expect(logged).toEqual([['Unhandled rejection', wrapped, undefined]]);
  });

  it('is ignored if the start was stopped on purpose', () => {
    const { stop, logged } = participate();
    const error = new Error('stopped');
    noteStartFailure(error, { shown: false, stopped: true });
    emit('unhandledRejection', error);
    expect([stop.mock.calls, logged, written]).toEqual([[], [], []]);
    const wrapped = new Error('could not tidy up', { cause: error });
    emit('unhandledRejection', wrapped);
    expect([stop.mock.calls, logged, written]).toEqual([
      [],
      [['Unhandled rejection', wrapped, undefined]],
      [],
    ]);
  });
});

describe('the listeners', () => {
  it('tell every backend that the process has nothing left to do', () => {
    const all = [participate(), participate()];
    emit('beforeExit', 0);
    expect(all.map(({ onIdle }) => onIdle.mock.calls.length)).toEqual([1, 1]);
  });

  it('are one set for all backends, taken away with the last one', () => {
    const before = listeners();
    const [one, two] = [participate(), participate()];
    const more = before.map(count => count + 1);
    expect(listeners()).toEqual(more);
    one.remove();
    expect(listeners()).toEqual(more);
    two.remove();
    expect(listeners()).toEqual(before);
    participate();
    expect(listeners()).toEqual(more);
  });
});
