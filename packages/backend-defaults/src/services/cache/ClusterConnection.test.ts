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
