// Tests of what a worker makes of heartbeats, in orders that a real database gives only now and then.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { HeldTask, TaskLeases } from '../database/TaskLeases';
import type { TaskRow } from '../database/TaskRow';
import type { TaskStore } from '../database/TaskStore';
import type { TaskQueue } from '../queue/TaskQueue';
import { STOP_GRACE_MS } from './runAction';
import { TaskWorker } from './TaskWorker';

const row = (id: string, extra: Partial<TaskRow> = {}) =>
  ({ id, cancel_requested: false, ...extra }) as TaskRow;

/** Lets everything go on that waits for nothing but promises. */
const settle = () => jest.advanceTimersByTimeAsync(0);

describe('TaskWorker', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  async function start(options: {
    claim?: () => Promise<TaskRow | undefined>;
    beat: (running: readonly string[]) => Promise<HeldTask[]>;
    keepWaiting?: (ids: readonly string[]) => Promise<string[]>;
    /** What is found of instances that are lost. */
    lost?: { stale?: string[]; waiting?: string[]; stuck?: string[] };
    /** Resolves when the queue has stopped, which waits for what runs. */
    stopQueue?: () => Promise<void>;
    /** Whether what runs does not listen to its signal. */
    stubborn?: boolean;
    dropLeftovers?: (ageMs: number) => Promise<void>;
    staleMs?: number;
    shutdownMs?: number;
  }) {
    const { stale = [], waiting = [], stuck = [] } = options.lost ?? {};
    const signals = new Map<string, AbortSignal>();
    const ends = new Map<string, () => void>();
    const fails = new Map<string, (reason: unknown) => void>();
    const log: string[] = [];
    const spared: Array<readonly string[]> = [];
    const dropped: number[] = [];
    let hand!: (id: string) => Promise<void>;
    const handedOver: string[] = [];
    const worker = new TaskWorker({
      store: {
        transaction: (work: (trx: unknown) => unknown) => work({}),
        dropLeftovers: options.dropLeftovers ?? (async (ageMs: number) => void dropped.push(ageMs)),
      } as unknown as TaskStore,
      leases: {
        claim: options.claim ?? (async (id: string) => row(id)),
        beat: options.beat,
        keepWaiting: options.keepWaiting,
        hasSilent: async () => options.lost === undefined || stale.length + waiting.length > 0,
        freeWaiting: async () => waiting,
        freeStale: async (_staleMs: number, running: readonly string[]) => {
          spared.push(running);
          return stale;
        },
        handOver: async () => true,
      } as unknown as TaskLeases,
      queue: {
        start: async ({ run }) => void (hand = run),
        stop: options.stopQueue ?? (async () => {}),
        add: async ids => void handedOver.push(...ids),
        create: async () => undefined,
        findStuck: async () => stuck,
      } as TaskQueue,
      concurrency: 1,
      staleMs: options.staleMs ?? 3_000,
      shutdownMs: options.shutdownMs ?? 1_000,
      keepLeftoversMs: 86_400_000,
      logger: {
        debug: (text: string) => log.push(text),
        error: (text: string) => log.push(text),
        warn: (text: string) => log.push(text),
        info: (text: string) => log.push(text),
      } as unknown as LoggerService,
      run: (task, signal) => {
        signals.set(task.id, signal);
        return new Promise((resolve, reject) => {
          ends.set(task.id, resolve);
          fails.set(task.id, reject);
          if (!options.stubborn) signal.addEventListener('abort', () => reject(signal.reason as Error));
        });
      },
    });
    await worker.start();
    await settle();
    return { worker, hand, signals, ends, fails, log, spared, handedOver, dropped };
  }

  it('keeps a task that was claimed while a heartbeat was under way', async () => {
    let answerBeat!: (held: HeldTask[]) => void;
    let answerClaim!: (claimed: TaskRow) => void;
    const beats: number[] = [];
    const { hand, signals } = await start({
      beat: () => {
        beats.push(1);
        return new Promise(resolve => (answerBeat = resolve));
      },
      claim: (() => {
        let calls = 0;
        return () => {
          calls += 1;
          return calls === 1
            ? Promise.resolve(row('first'))
            : new Promise<TaskRow>(resolve => (answerClaim = resolve));
        };
      })(),
    });
    void hand('first');
    await settle();
    void hand('second');
    await jest.advanceTimersByTimeAsync(1_000);
    expect(beats).toHaveLength(1);
    // The database saw the heartbeat before the claim, and answers both after it.
    answerClaim(row('second'));
    await settle();
    answerBeat([{ id: 'first', cancelRequested: false }]);
    await settle();
    expect([...signals].map(([id, { aborted }]) => [id, aborted])).toEqual([
      ['first', false],
      ['second', false],
    ]);
  });

  it('ends what another instance holds by now, and what was cancelled elsewhere', async () => {
    const { hand, signals, log } = await start({
      beat: async () => [{ id: 'asked', cancelRequested: true }],
    });
    void hand('taken');
    void hand('asked');
    await jest.advanceTimersByTimeAsync(1_100);
    expect(signals.get('taken')!.reason).toMatchObject({ code: 'GR_SCAFFOLDER_LOST' });
    expect(signals.get('asked')!.reason).toMatchObject({ code: 'GR_SCAFFOLDER_CANCELLED' });
    expect(log).toContainEqual(expect.stringContaining("The task 'taken' is left to be taken over"));
  });

  it('ends what was to be cancelled before it came here, at once', async () => {
    const { hand, signals } = await start({
      claim: async () => row('asked', { cancel_requested: true }),
      beat: () => new Promise(() => {}),
    });
    void hand('asked');
    await settle();
    expect(signals.get('asked')!.reason).toMatchObject({ code: 'GR_SCAFFOLDER_CANCELLED' });
  });

  it('keeps what waits for it alone for as long as it does', async () => {
    const asked: Array<readonly string[]> = [];
    const { worker } = await start({
      beat: async () => [],
      keepWaiting: async ids => {
        asked.push(ids);
        return ids.filter(id => id !== 'begun');
      },
    });
    worker.keep('begun');
    worker.keep('waiting');
    await jest.advanceTimersByTimeAsync(2_100);
    expect(asked).toEqual([['begun', 'waiting'], ['waiting']]);
  });

  it('shows that it lives until what runs has ended, and asks for nothing after that', async () => {
    let stopped!: () => void;
    let beats = 0;
    const { worker, hand, ends, spared } = await start({
      beat: async () => {
        beats += 1;
        return [{ id: 'own', cancelRequested: false }];
      },
      stopQueue: () => new Promise(resolve => (stopped = resolve)),
    });
    void hand('own');
    await settle();
    const stopping = worker.stop();
    await jest.advanceTimersByTimeAsync(900);
    const before = beats;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(beats).toBeGreaterThan(before);
    ends.get('own')!();
    stopped();
    await stopping;
    const looks = spared.length;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(spared).toHaveLength(looks);
  });

  it('keeps what runs at its stop, if only one heartbeat fails', async () => {
    let stopped!: () => void;
    let cut = false;
    const { worker, hand, signals, ends } = await start({
      beat: async () => {
        if (cut) {
          cut = false;
          throw new Error('Connection terminated unexpectedly');
        }
        return [{ id: 'own', cancelRequested: false }];
      },
      stopQueue: () => new Promise(resolve => (stopped = resolve)),
    });
    const run = hand('own');
    await settle();
    cut = true;
    const stopping = worker.stop();
    await jest.advanceTimersByTimeAsync(900);
    expect(signals.get('own')!.aborted).toBe(false);
    ends.get('own')!();
    await run;
    stopped();
    await stopping;
  });

  it('gives up what runs at its stop, if the database answers no heartbeat for 3 seconds', async () => {
    let away = false;
    const { worker, hand, signals } = await start({
      beat: async () => {
        if (away) throw new Error('connect ECONNREFUSED');
        return [{ id: 'own', cancelRequested: false }];
      },
      stopQueue: () => new Promise(() => {}),
      staleMs: 60_000,
      shutdownMs: 60_000,
    });
    void hand('own');
    await settle();
    away = true;
    const stopping = worker.stop();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(signals.get('own')!.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(signals.get('own')!.reason).toMatchObject({ code: 'GR_SCAFFOLDER_LOST' });
    await jest.advanceTimersByTimeAsync(120_000);
    await stopping;
  });

  it('hands over at its stop also what ends only once its action is abandoned', async () => {
    const run = { ended: Promise.resolve() };
    const { worker, hand, signals, fails, handedOver } = await start({
      beat: async () => [{ id: 'deaf', cancelRequested: false }],
      stopQueue: () => run.ended,
      stubborn: true,
    });
    run.ended = hand('deaf');
    await settle();
    const stopping = worker.stop().then(() => [...handedOver]);
    await jest.advanceTimersByTimeAsync(1_000);
    const { reason } = signals.get('deaf')!;
    expect(reason).toMatchObject({ code: 'GR_SCAFFOLDER_HANDED_OVER' });
    setTimeout(() => fails.get('deaf')!(reason), STOP_GRACE_MS);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(await stopping).toEqual(['deaf']);
  });

  it('removes every hour what tasks have left that nobody went on with', async () => {
    const { dropped } = await start({ beat: async () => [] });
    await jest.advanceTimersByTimeAsync(3_600_000);
    expect(dropped).toEqual([86_400_000, 86_400_000]);
  });

  it('tells at once that they could not be removed, as it is an hour until the next attempt', async () => {
    const { log } = await start({
      beat: async () => [],
      dropLeftovers: () => Promise.reject(new Error('permission denied')),
    });
    expect(log).toEqual(['Deleting what ended tasks left failed, and is tried again until it works']);
  });

  it('runs a task that comes back to it only once its earlier run has ended', async () => {
    const { hand, signals, ends, log } = await start({
      beat: async () => [{ id: 'back', cancelRequested: false }],
    });
    void hand('back');
    await settle();
    const earlier = signals.get('back')!;
    expect(earlier.aborted).toBe(false);
    const later = hand('back');
    await settle();
    expect(earlier.reason).toMatchObject({ code: 'GR_SCAFFOLDER_LOST' });
    expect(signals.get('back')).not.toBe(earlier);
    await jest.advanceTimersByTimeAsync(1_100);
    expect(signals.get('back')!.aborted).toBe(false);
    ends.get('back')!();
    await later;
    expect(log).toEqual([expect.stringContaining('it was given out anew')]);
  });

  it.each([
    ['ran', { stale: ['a'] }],
    ['waited', { waiting: ['a'] }],
    ['was about to begin', { stuck: ['a'] }],
    ['did all of that', { stale: ['b'], waiting: ['c'], stuck: ['a'] }],
  ])('puts back into the queue what %s in a lost instance', async (_, lost) => {
    const { handedOver } = await start({ beat: async () => [], lost });
    // The clock of the database may have been set forward, so those that live have time for a heartbeat.
    await jest.advanceTimersByTimeAsync(1_400);
    expect(handedOver).toEqual([]);
    await jest.advanceTimersByTimeAsync(100);
    expect(handedOver).toEqual(Object.values(lost).flat());
  });

  it('does not take its own tasks for lost', async () => {
    const { hand, spared } = await start({ beat: async () => [{ id: 'own', cancelRequested: false }] });
    void hand('own');
    await jest.advanceTimersByTimeAsync(1_600);
    expect(spared.at(-1)).toEqual(['own']);
  });

  it('ends its tasks before others may take them over, if it can not show that it lives', async () => {
    const { hand, signals, log } = await start({ beat: () => Promise.reject(new Error('no connection')) });
    void hand('alone');
    await jest.advanceTimersByTimeAsync(2_100);
    expect(signals.get('alone')!.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(900);
    expect(signals.get('alone')!.reason).toMatchObject({ code: 'GR_SCAFFOLDER_LOST' });
    expect(
      log.filter(text =>
        text.startsWith('Showing that running tasks are not lost failed, and is tried again until'),
      ),
    ).toHaveLength(1);
  });

  it.each([
    ['told of so late that another one may have it', async () => {}, 2_500],
    ['told of while it stops', (worker: TaskWorker) => worker.stop(), 500],
  ])('runs nothing that it is %s, and puts it back', async (_, meanwhile, claimMs) => {
    const { worker, hand, signals, handedOver } = await start({
      claim: () => new Promise(resolve => setTimeout(() => resolve(row('late')), claimMs)),
      beat: async () => [],
    });
    const handled = hand('late');
    await settle();
    void meanwhile(worker);
    await jest.advanceTimersByTimeAsync(5_000);
    await handled;
    expect([...signals]).toEqual([]);
    expect(handedOver).toEqual(['late']);
  });

  it('keeps what it gets back for as long as it waits for the end of an earlier run', async () => {
    const { hand, signals, ends } = await start({
      beat: async running => running.map(id => ({ id, cancelRequested: false })),
      stubborn: true,
    });
    void hand('again');
    await settle();
    const [earlier, end] = [signals.get('again')!, ends.get('again')!];
    void hand('again');
    await jest.advanceTimersByTimeAsync(10_000);
    expect(earlier.aborted).toBe(true);
    expect(signals.get('again')).toBe(earlier);
    end();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(signals.get('again')).not.toBe(earlier);
    expect(signals.get('again')!.aborted).toBe(false);
  });

  it('shows no more that it lives for what it has given up, so that others take that over', async () => {
    let reached = false;
    const beats: Array<readonly string[]> = [];
    const { hand, signals } = await start({
      beat: async running => {
        if (!reached) throw new Error('no connection');
        beats.push(running);
        return running.map(id => ({ id, cancelRequested: false }));
      },
    });
    void hand('given up');
    await jest.advanceTimersByTimeAsync(2_000);
    void hand('later');
    await jest.advanceTimersByTimeAsync(700);
    reached = true;
    await jest.advanceTimersByTimeAsync(1_500);
    expect([...signals].map(([id, { aborted }]) => [id, aborted])).toEqual([
      ['given up', true],
      ['later', false],
    ]);
    expect(beats.at(-1)).toEqual(['later']);
  });

  it('does so too where the database says nothing, and goes on asking it', async () => {
    let beats = 0;
    const { hand, signals, log } = await start({
      beat: () => {
        beats += 1;
        return new Promise(() => {});
      },
    });
    void hand('alone');
    await jest.advanceTimersByTimeAsync(2_300);
    expect(signals.get('alone')!.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(450);
    expect(signals.get('alone')!.reason).toMatchObject({
      code: 'GR_SCAFFOLDER_LOST',
      cause: { message: 'The database has not answered the last heartbeat' },
    });
    void hand('next');
    await jest.advanceTimersByTimeAsync(2_650);
    expect(beats).toBe(2);
    expect(log).toContainEqual(expect.stringContaining('gave no answer within 3000 ms'));
  });

  it('asks for what is still its own after it stood still, before it gives anything up', async () => {
    const held: HeldTask[] = [{ id: 'mine', cancelRequested: false }];
    const { hand, signals } = await start({ beat: async () => held });
    void hand('mine');
    void hand('taken');
    await settle();
    held.push({ id: 'taken', cancelRequested: false });
    await jest.advanceTimersByTimeAsync(1_945);
    held.pop();
    // All timers are due at waking: the next look at the tasks comes just before the next heartbeat.
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + 60_000);
    await jest.advanceTimersByTimeAsync(500);
    const aborted = () => [...signals].map(([id, signal]) => [id, signal.aborted]);
    expect(aborted()).toEqual([
      ['mine', false],
      ['taken', true],
    ]);
    // And so it does each time.
    await jest.advanceTimersByTimeAsync(2_500);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + 120_000);
    await jest.advanceTimersByTimeAsync(500);
    expect(aborted()).toContainEqual(['mine', false]);
  });
});
