// How the listening connection is watched and made again; what PostgreSQL does is in PostgresEventTransport.test.ts.
import { EventEmitter } from 'node:events';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { PostgresListener } from './PostgresListener';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** The near end of a connection, whose far end may have vanished. */
class Connection extends EventEmitter {
  answers = true;
  ended = false;
  queries: string[] = [];

  query(sql: string): Promise<unknown> {
    this.queries.push(sql);
    return this.answers ? Promise.resolve() : new Promise(() => {});
  }

  end(): Promise<void> {
    this.ended = true;
    return this.answers ? Promise.resolve() : new Promise(() => {});
  }
}

function makeListener() {
  const logger = new MemoryLogger();
  const connections: Connection[] = [];
  const calls: string[] = [];
  const server = { up: true, answers: true };
  const attempts: number[] = [];
  const listener = new PostgresListener({
    channel: 'events',
    logger,
    connect: async () => {
      attempts.push(Date.now());
      if (!server.up) throw new Error('ECONNREFUSED');
      const connection = new Connection();
      connection.answers = server.answers;
      connections.push(connection);
      return connection;
    },
    onNotification: payload => calls.push(payload),
    onReconnect: () => calls.push('reconnect'),
    onHeartbeat: () => calls.push('heartbeat'),
  });
  return { listener, logger, connections, calls, server, attempts };
}

it('passes notifications on, and asks twice a minute whether the connection lives', async () => {
  const { listener, connections, calls } = makeListener();
  await listener.start();
  connections[0]!.emit('notification', { channel: 'events', payload: 'hello' });
  await jest.advanceTimersByTimeAsync(60_000);
  expect(connections[0]!.queries).toEqual(['listen events', 'select 1', 'select 1']);
  expect(calls).toEqual(['hello', 'heartbeat', 'heartbeat']);
  await listener.stop();
  await jest.advanceTimersByTimeAsync(120_000);
  expect(connections[0]!.queries).toHaveLength(3);
  expect(connections[0]!.ended).toBe(true);
  expect(connections).toHaveLength(1);
});

it('takes a connection that does not answer for lost', async () => {
  const { listener, logger, connections, calls } = makeListener();
  await listener.start();
  connections[0]!.answers = false;
  await jest.advanceTimersByTimeAsync(39_999);
  expect(connections).toHaveLength(1);
  await jest.advanceTimersByTimeAsync(5);
  expect(connections).toHaveLength(2);
  expect(connections[0]!.ended).toBe(true);
  expect(calls).toEqual(['reconnect']);
  expect(logger.entries).toMatchObject([
    { level: 'warn', message: expect.stringContaining('no answer within 10000 ms') },
    { level: 'info' },
  ]);
  await listener.stop();
});

it('tries again with growing pauses, and warns once', async () => {
  const { listener, logger, connections, calls, server, attempts } = makeListener();
  await listener.start();
  server.up = false;
  const begin = Date.now();
  attempts.length = 0;
  connections[0]!.emit('error', new Error('reset'));
  connections[0]!.emit('end');
  await jest.advanceTimersByTimeAsync(3_000);
  expect(attempts.map(time => time - begin)).toEqual([0, 500, 1_500]);
  expect(listener.listens).toBe(false);
  await jest.advanceTimersByTimeAsync(300_000);
  expect(attempts.at(-1)! - attempts.at(-2)!).toBe(30_000);
  expect(logger.entries).toHaveLength(1);
  server.up = true;
  await jest.advanceTimersByTimeAsync(30_000);
  expect(calls).toEqual(['reconnect']);
  expect(connections[1]!.queries).toEqual(['listen events']);
  expect(listener.listens).toBe(true);
  await listener.stop();
});

it('rejects where the first connection can not be made, and stops without one that answers', async () => {
  const first = makeListener();
  first.server.up = false;
  await expect(first.listener.start()).rejects.toThrow('ECONNREFUSED');
  const second = makeListener();
  await second.listener.start();
  second.connections[0]!.answers = false;
  const stopped = second.listener.stop();
  await jest.advanceTimersByTimeAsync(1_001);
  await stopped;
  expect(second.connections[0]!.ended).toBe(true);
});

it('gives a new connection up that is not answered, and makes another one', async () => {
  const { listener, connections, calls, server } = makeListener();
  await listener.start();
  server.answers = false;
  connections[0]!.emit('end');
  await jest.advanceTimersByTimeAsync(0);
  expect(connections).toHaveLength(2);
  server.answers = true;
  await jest.advanceTimersByTimeAsync(11_000);
  expect(connections[1]!.ended).toBe(true);
  expect(connections).toHaveLength(3);
  expect(calls).toEqual(['reconnect']);
  await listener.stop();
});
