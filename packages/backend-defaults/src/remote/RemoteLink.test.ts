// Tests of one connection to an unreliable server, on a clock that is wound by hand: how long commands get, and when it ends.
import { MemoryLogger } from '../testing/MemoryLogger';
import { RemoteLink, type LinkConnection } from './RemoteLink';

beforeEach(() => {
  jest.useFakeTimers();
  // A clock does not begin when a link does.
  jest.advanceTimersByTime(12_345);
});
afterEach(() => jest.useRealTimers());

const after = <T>(milliseconds: number, value: T) =>
  new Promise<T>(resolve => setTimeout(() => resolve(value), milliseconds));

interface Connection extends LinkConnection {
  number: number;
  cut(): void;
}

/** A link with the connections that it has opened, each of which takes so many milliseconds for that. */
function makeLink({ openTime = 0 } = {}) {
  const logger = new MemoryLogger();
  const connections: Connection[] = [];
  const link = new RemoteLink<Connection>({
    logger,
    subject: 'The server',
    withoutIt: 'Nothing works',
    commandTimeout: 200,
    open(onBreak) {
      let isOpen = true;
      const connection = {
        number: connections.length + 1,
        opened: after(openTime, undefined),
        isOpen: () => isOpen,
        end: async () => void (isOpen = false),
        destroy: () => void (isOpen = false),
        cut() {
          isOpen = false;
          onBreak(new Error('cut'));
        },
      };
      connections.push(connection);
      return connection;
    },
  });
  return { link, connections, logger };
}

it.each([
  ['is answered within', 40, 'answer'],
  ['is given up after', 60, 'there was no answer within 50 ms'],
])('a command %s what the wait for the connection has left of its time', async (_, takes, outcome) => {
  const { link } = makeLink({ openTime: 150 });
  const settled = link.run(() => after(takes, 'answer')).catch((error: Error) => error.message);
  await jest.advanceTimersByTimeAsync(150 + 60);
  expect(await settled).toBe(outcome);
});

it('ends although it was never used, and then opens nothing', async () => {
  const { link, connections } = makeLink();
  expect(link.closed).toBe(false);
  await link.close();
  expect(link.closed).toBe(true);
  await expect(link.run(() => Promise.resolve())).rejects.toThrow('There is no connection to the server');
  expect(connections).toEqual([]);
});

/** The number of the connection that a command gets. */
async function use(link: RemoteLink<Connection>): Promise<number> {
  const number = link.run(async connection => connection.number);
  await jest.advanceTimersByTimeAsync(0);
  return number;
}

it('replaces a connection that a command finds broken, without a word', async () => {
  const { link, connections, logger } = makeLink();
  expect(await use(link)).toBe(1);
  await jest.advanceTimersByTimeAsync(2_000);
  const failing = link.run(async connection => {
    connection.destroy();
    throw new Error('closed');
  });
  await expect(failing).rejects.toThrow('closed');
  expect(await use(link)).toBe(2);
  expect([connections.length, logger.entries]).toEqual([2, []]);
});

it('takes a server for unusable whose connection breaks within a second, and tries it again after another', async () => {
  const { link, connections, logger } = makeLink();
  await use(link);
  await jest.advanceTimersByTimeAsync(900);
  connections[0]!.cut();
  await expect(link.run(() => Promise.resolve())).rejects.toThrow('There is no connection to the server');
  expect(logger.entries).toMatchObject([
    { level: 'warn', message: "The server can't be used: cut. Nothing works." },
  ]);
  await jest.advanceTimersByTimeAsync(1_000);
  await expect(link.run(() => Promise.resolve())).rejects.toThrow('There is no connection to the server');
  await jest.advanceTimersByTimeAsync(0);
  expect(await use(link)).toBe(2);
});

it('ends its connection', async () => {
  const { link, connections } = makeLink();
  await use(link);
  expect(connections[0]!.isOpen()).toBe(true);
  await link.close();
  expect(connections[0]!.isOpen()).toBe(false);
});

it('keeps the connection that took the place of one on which a command is answered no more', async () => {
  const { link, connections, logger } = makeLink();
  expect(await use(link)).toBe(1);
  await jest.advanceTimersByTimeAsync(2_000);
  const lost = link.run(() => new Promise(() => {})).catch((error: Error) => error.message);
  connections[0]!.cut();
  await jest.advanceTimersByTimeAsync(201);
  expect(await lost).toBe('there was no answer within 200 ms');
  expect(await use(link)).toBe(2);
  expect(connections).toHaveLength(2);
  expect(logger.entries).toEqual([]);
});
