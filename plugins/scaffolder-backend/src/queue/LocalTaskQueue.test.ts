// Tests of the queue of a single instance: what it runs, in which order, and what it tries again.
import type { Knex } from 'knex';
import { LocalTaskQueue } from './LocalTaskQueue';

const settle = () => jest.advanceTimersByTimeAsync(0);

describe('LocalTaskQueue', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** A queue that has begun, with the ends of what it runs by id. */
  async function start({ open = [], concurrency = 1 }: { open?: string[]; concurrency?: number } = {}) {
    const queue = new LocalTaskQueue(async () => open);
    const begun: string[] = [];
    const ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
    const run = (id: string) =>
      new Promise<void>((resolve, reject) => {
        begun.push(id);
        ends.set(id, { resolve, reject });
      });
    await queue.start({ concurrency, run });
    const add = (id: string, executionPromise = Promise.resolve<unknown>(undefined)) =>
      queue.add([id], { executionPromise } as unknown as Knex.Transaction);
    return { queue, begun, ends, add };
  }

  it('runs the oldest first, so many at a time, and each once', async () => {
    const { begun, ends, add } = await start({ open: ['a', 'b', 'c'], concurrency: 2 });
    await add('c');
    await add('d');
    await settle();
    expect(begun).toEqual(['a', 'b']);
    ends.get('b')!.resolve();
    await settle();
    expect(begun).toEqual(['a', 'b', 'c']);
    ends.get('a')!.resolve();
    ends.get('c')!.resolve();
    await settle();
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('puts in what a transaction has opened once that is over, and nothing of one that is rolled back', async () => {
    const { begun, add } = await start({ concurrency: 9 });
    let commit!: () => void;
    await add('kept', new Promise<void>(resolve => (commit = resolve)));
    await add('dropped', Promise.reject(new Error('rolled back')));
    await settle();
    expect(begun).toEqual([]);
    commit();
    await settle();
    expect(begun).toEqual(['kept']);
  });

  it('tries again a second later what could not be run, and lets others go first', async () => {
    const { begun, ends } = await start({ open: ['bad', 'good'] });
    ends.get('bad')!.reject(new Error('no connection'));
    await settle();
    expect(begun).toEqual(['bad', 'good']);
    ends.get('good')!.resolve();
    await jest.advanceTimersByTimeAsync(999);
    expect(begun).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(begun).toEqual(['bad', 'good', 'bad']);
  });

  it('stops when what runs has ended, and begins nothing more', async () => {
    const { queue, begun, ends, add } = await start({ open: ['failed', 'runs', 'waits'] });
    ends.get('failed')!.reject(new Error('no connection'));
    await settle();
    let isStopped = false;
    const stopped = queue.stop().then(() => (isStopped = true));
    await add('late');
    await jest.advanceTimersByTimeAsync(5_000);
    expect(isStopped).toBe(false);
    ends.get('runs')!.reject(new Error('handed over'));
    await stopped;
    expect(jest.getTimerCount()).toBe(0);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(begun).toEqual(['failed', 'runs']);
  });
});
