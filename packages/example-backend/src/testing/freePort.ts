// Finds a free port on the loopback interface.
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** The port is free when this resolves, but may be taken later. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
