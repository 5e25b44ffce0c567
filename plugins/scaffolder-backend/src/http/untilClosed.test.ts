// Tests of the signal that ends long answers.
import type { Response } from 'express';
import { EventEmitter, getEventListeners, once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { untilClosed } from './untilClosed';

const connection = () => new EventEmitter() as unknown as Response;

it('is aborted when its connection closes, and leaves nothing behind', () => {
  const stopping = new AbortController().signal;
  const before = Object.getOwnPropertySymbols(stopping);
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const open = Array.from({ length: 50 }, connection);
  const signals = open.map(res => untilClosed(res, stopping));
  expect(signals.some(({ aborted }) => aborted)).toBe(false);
  open.forEach(res => res.emit('close'));
  expect(signals.every(({ aborted }) => aborted)).toBe(true);
  expect(getEventListeners(stopping, 'abort')).toEqual([]);
  expect(Object.getOwnPropertySymbols(stopping)).toEqual(before);
  expect(warned).not.toHaveBeenCalled();
  warned.mockRestore();
});

it('is aborted with the backend, also where that has begun to stop before', () => {
  const stop = new AbortController();
  const signal = untilClosed(connection(), stop.signal);
  expect(signal.aborted).toBe(false);
  stop.abort();
  expect(signal.aborted).toBe(true);
  expect(untilClosed(connection(), stop.signal).aborted).toBe(true);
});

it('is aborted if the client has left before', async () => {
  const answering = new EventEmitter();
  const server = createServer((_request, res) => {
    res.once('close', () => setImmediate(() => answering.emit('left', res)));
    answering.emit('asked');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const [asked, left] = [once(answering, 'asked'), once(answering, 'left')];
  const { port } = server.address() as AddressInfo;
  const client = get({ host: '127.0.0.1', port }).on('error', () => {});
  await asked;
  client.destroy();
  const [res] = (await left) as [Response];
  expect(untilClosed(res, new AbortController().signal).aborted).toBe(true);
  server.close();
});

it('is aborted when its time is over, also where memory is cleared up meanwhile', async () => {
  setFlagsFromString('--expose-gc');
  const clearUp = runInNewContext('gc') as () => void;
  const clearing = setInterval(clearUp, 10);
  const signal = untilClosed(connection(), new AbortController().signal, 100);
  await new Promise(resolve => signal.addEventListener('abort', resolve));
  clearInterval(clearing);
  expect(signal.aborted).toBe(true);
});
