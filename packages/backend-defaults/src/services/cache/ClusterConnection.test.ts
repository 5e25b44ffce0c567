// A connection to a cluster of servers that are played here.
import { ClusterConnection, type ServerConnection } from './ClusterConnection';

/** Servers by port; the first has all slots, and sends everything on to the second, which never opens. */
function connect() {
  let waiting = () => {};
  const waits = new Promise<void>(resolve => (waiting = resolve));
  const connection = new ClusterConnection(
    {
      roots: [{ url: 'redis://host:1', clientOptions: {} }],
      cluster: { defaults: {}, maxRedirections: 16 },
      prefix: '',
      openServer({ url }) {
        const silent = new URL(url).port === '2';
        if (silent) waiting();
        return {
          opened: silent ? new Promise(() => {}) : Promise.resolve(),
          isOpen: () => !silent,
          send: async ([name]) => {
            if (name === 'CLUSTER') return [[0, 16_383, ['host', 1]]];
            throw new Error('MOVED 1 host:2');
          },
          end: async () => {},
          destroy: () => {},
        } as Partial<ServerConnection> as ServerConnection;
      },
    },
    () => {},
  );
  return { connection, waits };
}

it.each<[string, (connection: ClusterConnection) => Promise<unknown>]>([
  ['get', connection => connection.get('key')],
  ['set', connection => connection.set('key', 'value')],
  ['delete', connection => connection.delete('key')],
])('ends a %s that waits for a server when it is destroyed', async (_, call) => {
  const { connection, waits } = connect();
  await connection.opened;
  const called = call(connection);
  await waits;
  connection.destroy();
  await expect(called).rejects.toThrow('The connection is closed');
});

it('does not open where a master was lost while another one opened, and reaches those without a name at the root', async () => {
  let openLast = () => {};
  const begun: string[] = [];
  let lost = false;
  const connection = new ClusterConnection(
    {
      roots: [{ url: 'redis://host:1', clientOptions: {} }],
      cluster: { defaults: {}, maxRedirections: 16 },
      prefix: '',
      openServer({ url }) {
        const { host } = new URL(url);
        begun.push(host);
        return {
          opened: host === 'host:3' ? new Promise<void>(resolve => (openLast = resolve)) : Promise.resolve(),
          isOpen: () => host !== 'host:2' || !lost,
          send: async ([name]) =>
            name === 'CLUSTER'
              ? [
                  [0, 8_191, ['?', 2]],
                  [8_192, 16_383, ['host', 3]],
                ]
              : null,
          end: async () => {},
          destroy: () => {},
        } as Partial<ServerConnection> as ServerConnection;
      },
    },
    () => {},
  );
  while (begun.length < 3) await new Promise(setImmediate);
  lost = true;
  openLast();
  await expect(connection.opened).rejects.toThrow(
    'the master host:2 is lost: it broke while the connection opened',
  );
  expect(begun).toEqual(['host:1', 'host:2', 'host:3']);
});
