// Sockets that are given up, in each state they may be in.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resetSocket } from './resetSocket';

let server: Server;
let peers: Socket[];

beforeEach(async () => {
  peers = [];
  // Like a server that has fallen silent, it never ends a connection by itself.
  server = createServer({ allowHalfOpen: true }, socket => {
    peers.push(socket.on('error', () => {}).resume());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  peers.forEach(peer => peer.destroy());
  await new Promise(resolve => server.close(resolve));
});

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

it('resets one that is in use, as the system would go on to send what is left of one that is only closed', async () => {
  const accepted = once(server, 'connection');
  const socket = await open();
  const [peer] = (await accepted) as [Socket];
  const failed = once(peer, 'error');
  resetSocket(socket);
  expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
});

it('closes one that is not TCP, which has no resets', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reset-socket-'));
  const local = createServer(socket => socket.resume()).listen(join(folder, 'socket'));
  await once(local, 'listening');
  const socket = connect(join(folder, 'socket'));
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  resetSocket(socket);
  await closed;
  expect(socket.destroyed).toBe(true);
  await new Promise(resolve => local.close(resolve));
  rmSync(folder, { recursive: true });
});

it('does nothing where there is none, or none any more', async () => {
  resetSocket(undefined);
  const socket = await open();
  socket.destroy();
  const reset = jest.spyOn(socket, 'resetAndDestroy');
  resetSocket(socket);
  expect(reset).not.toHaveBeenCalled();
});
