// The remote store over a connection whose faults are chosen here, on a clock that is wound by hand.
import { MemoryLogger } from '../../testing/MemoryLogger';
import { RemoteStore, type OpenConnection } from './RemoteStore';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

type Fault = 'none' | 'hang' | 'refuse' | 'hangOnCommand';

/** A server in this process; connections to it can be cut. */
class Server {
  readonly data = new Map<string, string>();
  fault: Fault = 'none';
  /** Commands that are answered with an error. */
  refused: string[] = [];
  opened = 0;
  #cut: Array<() => void> = [];

  cut(): void {
    this.#cut.splice(0).forEach(cut => cut());
  }

  open: OpenConnection = onBreak => {
    let isOpen = true;
    this.opened++;
    this.#cut.push(() => {
      if (isOpen) {
        isOpen = false;
        onBreak(new Error('cut'));
      }
    });
    const answer = (command: string, run: () => unknown): Promise<never> => {
      if (!isOpen) return Promise.reject(new Error('closed'));
      if (this.fault === 'hang' || this.fault === 'hangOnCommand') return new Promise(() => {});
      if (this.refused.includes(command)) return Promise.reject(new Error(`${command} is refused`));
      return Promise.resolve(run() as never);
    };
    const refuses = this.fault === 'refuse';
    return {
      opened: refuses
        ? Promise.reject(new Error('ECONNREFUSED'))
        : new Promise<void>(resolve => this.fault !== 'hang' && resolve()),
      isOpen: () => isOpen,
      get: key => answer('get', () => this.data.get(key)),
      set: (key, text) => answer('set', () => this.data.set(key, text)),
      delete: key => answer('delete', () => this.data.delete(key)),
      end: () => answer('end', () => (isOpen = false)),
      destroy: () => void (isOpen = false),
    };
  };
}

function makeStore(fault: Fault = 'none') {
  const server = new Server();
  server.fault = fault;
  const logger = new MemoryLogger();
  const store = new RemoteStore({
    open: server.open,
    address: 'redis://host:1',
    logger,
    commandTimeout: 200,
    openTimeout: 2_000,
  });
  return { server, store, logs: () => logger.entries.map(({ level, message }) => `${level}: ${message}`) };
}

/** What a call gives, and after how many milliseconds of the clock. */
async function timed<T>(call: Promise<T>): Promise<[T, number]> {
  const begin = performance.now();
  let result: [T] | undefined;
  void call.then(value => (result = [value]));
  await jest.advanceTimersByTimeAsync(0);
  while (!result) {
    await jest.advanceTimersByTimeAsync(10);
  }
  return [result[0], performance.now() - begin];
}

const downWarning = (why: string) =>
  `warn: The cache at redis://host:1 can't be used: ${why}. The backend goes on without cached values, and uses it again when it answers.`;

it('passes calls on over one connection', async () => {
  const { server, store, logs } = makeStore();
  await Promise.all([store.set('a', '1'), store.set('b', '2')]);
  expect([await store.get('a'), await store.get('b'), await store.get('c')]).toEqual(['1', '2', undefined]);
  await store.delete('a');
  expect([...server.data]).toEqual([['b', '2']]);
  expect([server.opened, logs()]).toEqual([1, []]);
});

it('answers at once while the server refuses connections, tries it each second, and warns once', async () => {
  const { server, store, logs } = makeStore();
  await store.set('a', '1');
  jest.advanceTimersByTime(5_000);
  server.fault = 'refuse';
  server.cut();
  for (let i = 0; i < 40; i++) {
    expect(await timed(store.get('a'))).toEqual([undefined, 0]);
    await timed(store.set('b', '2'));
    await jest.advanceTimersByTimeAsync(100);
  }
  expect(server.opened).toBeGreaterThanOrEqual(4);
  expect(server.opened).toBeLessThanOrEqual(6);
  expect(logs()).toEqual([downWarning('ECONNREFUSED')]);
});

it('gives up a call after its time when the server is silent, and does not wait again until it answers', async () => {
  const { server, store, logs } = makeStore();
  await store.set('a', '1');
  server.fault = 'hang';
  const [value, milliseconds] = await timed(store.get('a'));
  expect(value).toBeUndefined();
  expect(milliseconds).toBeGreaterThanOrEqual(200);
  expect(milliseconds).toBeLessThan(250);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(await timed(store.get('a'))).toEqual([undefined, 0]);
  expect(logs()).toEqual([downWarning('there was no answer within 200 ms')]);
  server.fault = 'none';
  await jest.advanceTimersByTimeAsync(5_000);
  await timed(store.get('a'));
  expect(await timed(store.get('a'))).toEqual(['1', 0]);
  expect(logs()[1]).toMatch(/^info: The cache at redis:\/\/host:1 is used again after \d+ s$/);
  expect(logs()).toHaveLength(2);
});

it('lets only the first calls wait for a connection that is slow to open', async () => {
  const { server, store, logs } = makeStore('hang');
  const first = await Promise.all([timed(store.get('a')), timed(store.get('a'))]);
  expect(Math.max(...first.map(([, milliseconds]) => milliseconds))).toBeLessThan(250);
  expect(await timed(store.get('a'))).toEqual([undefined, 0]);
  expect(logs()).toEqual([]);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(logs()).toEqual([downWarning('there was no answer within 2000 ms')]);
  expect(server.opened).toBe(1);
});

it('never serves values that changed while the server could not be told', async () => {
  const { server, store } = makeStore();
  await store.set('changed', 'old');
  await store.set('removed', 'old');
  await store.set('kept', 'old');
  server.fault = 'hangOnCommand';
  await timed(store.set('changed', 'new'));
  await timed(store.delete('removed'));
  server.fault = 'none';
  await jest.advanceTimersByTimeAsync(2_000);
  await timed(store.get('kept'));
  const values = await Promise.all(['changed', 'removed', 'kept'].map(key => store.get(key)));
  expect(values).toEqual([undefined, undefined, 'old']);
});

it('goes on with a server that refuses to set, but removes the old value, and warns once a minute', async () => {
  const { server, store, logs } = makeStore();
  await store.set('a', 'old');
  server.refused = ['set'];
  for (let i = 0; i < 10; i++) {
    await store.set('a', 'new');
  }
  expect(await store.get('a')).toBeUndefined();
  expect(logs()).toEqual([
    'warn: The cache at redis://host:1 refuses to store values: set is refused. They are computed anew each time until the server takes them.',
  ]);
  expect(server.opened).toBe(1);
  jest.advanceTimersByTime(60_000);
  await store.set('a', 'new');
  await jest.advanceTimersByTimeAsync(0);
  expect(logs()).toHaveLength(2);
});

it.each(['get', 'delete'])('takes a server that refuses to %s as down', async command => {
  const { server, store, logs } = makeStore();
  await store.set('a', 'old');
  server.refused = [command];
  await (command === 'get' ? store.get('a') : store.delete('a'));
  await jest.advanceTimersByTimeAsync(0);
  expect(logs()).toEqual([downWarning(`${command} is refused`)]);
});

it('survives a client that can not even be made', async () => {
  const logger = new MemoryLogger();
  const open: OpenConnection = () => {
    throw new Error('bad options');
  };
  const store = new RemoteStore({ open, address: 'x', logger, commandTimeout: 200, openTimeout: 2_000 });
  for (let i = 0; i < 3; i++) {
    expect(await store.get('a')).toBeUndefined();
    jest.advanceTimersByTime(2_000);
  }
  expect(logger.entries).toHaveLength(1);
});

it.each<Fault>(['none', 'hang', 'refuse'])(
  'closes at once with fault %s, and is silent afterwards',
  async fault => {
    const { server, store, logs } = makeStore(fault);
    await timed(store.set('a', '1'));
    const told = logs().length;
    const [, milliseconds] = await timed(store.close());
    expect(milliseconds).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
    expect(await store.get('a')).toBeUndefined();
    await store.set('a', '1');
    await jest.advanceTimersByTimeAsync(10_000);
    expect([server.opened, logs()]).toHaveProperty('1.length', told);
    expect(server.opened).toBe(1);
  },
);
