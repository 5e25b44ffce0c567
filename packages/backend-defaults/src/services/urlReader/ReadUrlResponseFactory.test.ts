// Tests the answers of readUrl from each kind of source.
import { PassThrough, Readable } from 'node:stream';
import { ReadUrlResponseFactory } from './ReadUrlResponseFactory';

it('gives a buffer again and again', async () => {
  const response = await ReadUrlResponseFactory.fromReadable(Readable.from(['a', 'b']), { etag: 'e' });
  expect(String(await response.buffer())).toBe('ab');
  expect(String(await response.buffer())).toBe('ab');
  expect(response.etag).toBe('e');
});

it('gives either a stream or a buffer', async () => {
  const streamed = await ReadUrlResponseFactory.fromReadable(Readable.from(['a']));
  expect(await streamed.stream!().toArray()).toEqual(['a']);
  await expect(streamed.buffer()).rejects.toThrow('as a stream already');
  const buffered = await ReadUrlResponseFactory.fromReadable(Readable.from(['a']));
  await buffered.buffer();
  expect(() => buffered.stream!()).toThrow('as a buffer already');
});

it('takes an old stream', async () => {
  const source = new PassThrough();
  source.end('old');
  const response = await ReadUrlResponseFactory.fromNodeJSReadable(source);
  expect(String(await response.buffer())).toBe('old');
});

it('takes an answer of fetch', async () => {
  const headers = { etag: '"1"', 'last-modified': 'Wed, 01 Jan 2025 00:00:00 GMT' };
  const response = await ReadUrlResponseFactory.fromResponse(new Response('new', { headers }));
  expect(String(await response.buffer())).toBe('new');
  expect(response).toMatchObject({ etag: '"1"', lastModifiedAt: new Date('2025-01-01T00:00:00Z') });
  await expect(
    ReadUrlResponseFactory.fromResponse(new Response('no', { status: 500 })),
  ).rejects.toMatchObject({ name: 'ResponseError' });
});
