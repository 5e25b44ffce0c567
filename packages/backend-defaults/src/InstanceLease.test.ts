// A lease is kept as long as its store answers, and given up before anybody else can have it.
import { InstanceLease, type LeaseStore } from './InstanceLease';

const name = "task 'a'";
const durationMs = 3_000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function makeStore(overrides: Partial<LeaseStore> = {}) {
  return {
    acquire: jest.fn(async () => true),
    renew: jest.fn(async () => true),
    ...overrides,
  };
}

it('gives nothing where somebody else holds it, and leaves no timer', async () => {
  const store = makeStore({ acquire: async () => false });
  expect(await InstanceLease.acquire(store, { name, durationMs })).toBeUndefined();
  expect(jest.getTimerCount()).toBe(0);
});

it('is renewed three times a lease duration until it is released', async () => {
  const store = makeStore();
  const lease = (await InstanceLease.acquire(store, { name, durationMs }))!;
  expect(store.acquire).toHaveBeenCalledWith(durationMs);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(store.renew).toHaveBeenCalledTimes(60);
  expect(store.renew).toHaveBeenCalledWith(durationMs);
  expect(lease.signal.aborted).toBe(false);
  expect(await lease.release(async () => 'given back')).toBe('given back');
  expect(jest.getTimerCount()).toBe(0);
});

it('is lost at once when somebody else has it', async () => {
  const lease = (await InstanceLease.acquire(makeStore({ renew: async () => false }), { name, durationMs }))!;
  await jest.advanceTimersByTimeAsync(999);
  expect(lease.signal.aborted).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  expect(lease.signal.reason).toMatchObject({
    code: 'GR_LEASE_LOST',
    message: expect.stringMatching(/^The lease on task 'a' was lost: another instance holds it\./),
  });
  expect(jest.getTimerCount()).toBe(0);
});

it('is tried again while the store fails, and lost before it runs out there', async () => {
  const failure = new Error('connection refused');
  let failing = true;
  const renew = jest.fn(async () => {
    if (failing) throw failure;
    return true;
  });
  const lease = (await InstanceLease.acquire(makeStore({ renew }), { name, durationMs }))!;
  await jest.advanceTimersByTimeAsync(2_450);
  expect(renew.mock.calls.length).toBeGreaterThan(3);
  failing = false;
  await jest.advanceTimersByTimeAsync(300);
  failing = true;
  // Kept by the renewal at 2,500 ms, so past the end of the first duration.
  await jest.advanceTimersByTimeAsync(2_000);
  expect(lease.signal.aborted).toBe(false);
  await jest.advanceTimersByTimeAsync(700);
  expect(lease.signal.reason).toMatchObject({
    message: expect.stringContaining('could not be renewed in time'),
    cause: failure,
  });
});

it('counts from before a request was sent: an answer that comes late is worth less, one that never comes nothing', async () => {
  const slow = () => new Promise<boolean>(resolve => setTimeout(resolve, 2_750, true));
  const acquiring = InstanceLease.acquire(makeStore({ acquire: slow }), { name, durationMs });
  await jest.advanceTimersByTimeAsync(2_750);
  const lost = (await acquiring)!;
  expect(lost.signal.reason).toMatchObject({ message: expect.stringContaining('took too long to answer') });

  const silent = () => new Promise<boolean>(() => {});
  const lease = (await InstanceLease.acquire(makeStore({ renew: silent }), { name, durationMs }))!;
  await jest.advanceTimersByTimeAsync(2_699);
  expect(lease.signal.aborted).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  expect(lease.signal.aborted).toBe(true);
});

it.each<[string, (answers: { yes: (kept: boolean) => void; no: (error: Error) => void }) => void]>([
  ['that it is lost', ({ yes }) => yes(false)],
  ['that it is kept', ({ yes }) => yes(true)],
  ['an error', ({ no }) => no(new Error('no connection'))],
])('takes no notice of an answer that comes after the release: %s', async (_, answer) => {
  let answers!: Parameters<typeof answer>[0];
  const renew = () => new Promise<boolean>((yes, no) => (answers = { yes, no }));
  const lease = (await InstanceLease.acquire(makeStore({ renew }), { name, durationMs }))!;
  await jest.advanceTimersByTimeAsync(1_000);
  await lease.release(async () => {});
  answer(answers);
  await jest.advanceTimersByTimeAsync(0);
  expect(lease.signal.aborted).toBe(false);
  expect(jest.getTimerCount()).toBe(0);
});
