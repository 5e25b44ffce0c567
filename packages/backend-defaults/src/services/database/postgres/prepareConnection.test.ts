// What becomes of a connection that is never prepared, of a driver that does not show whether it waits for an answer.
import { MemoryLogger } from '../../../testing/MemoryLogger';
import { type PgConnection, prepareConnection } from './prepareConnection';
import { SilentConnections } from './SilentConnections';

afterEach(() => jest.useRealTimers());

it('is closed', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  const end = jest.fn(async () => {});
  const opaque: Partial<PgConnection> = { on() {}, query: () => new Promise(() => {}), end };
  const prepare = prepareConnection({
    ...{ role: undefined, logger: new MemoryLogger(), watch() {} },
    silent: new SilentConnections(),
  });
  const prepared = new Promise(resolve => prepare(opaque as PgConnection, resolve));
  jest.advanceTimersByTime(10_000);
  expect(await prepared).toMatchObject({ code: 'ETIMEDOUT' });
  expect(end).toHaveBeenCalled();
});
