// Sockets that are given up, in each state they may be in.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { resetSocket } from './resetSocket';

let server: Server;

beforeEach(async () => {
  server = createServer(socket => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => new Promise(resolve => server.close(resolve)));

async function open(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

it.each<[string, (socket: Socket) => void]>([
  ['in use', () => {}],
  ['being ended', socket => socket.end()],
  ['being ended after a last word', socket => socket.end('bye')],
])('closes a socket that is %s', async (_, prepare) => {
  const socket = await open();
  const errors: Error[] = [];
  socket.on('error', error => errors.push(error));
  prepare(socket);
  await new Promise(resolve => process.nextTick(resolve));
  const closed = once(socket, 'close');
  resetSocket(socket);
  await closed;
  expect(errors).toEqual([]);
});
