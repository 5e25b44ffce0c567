// Tests the service in a whole backend: with its defaults, with a reader of somebody else, and with what can't be used.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { createSpecializedBackend, type Backend } from '@greenroom/backend-app-api';
import { coreServices, type UrlReaderService } from '@greenroom/backend-plugin-api';
import { createPlugin, provide } from '@greenroom/testing';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { WebServer } from '../../testing/WebServer';
import { defaultServiceFactories } from '../../createBackend';
import { urlReaderFactoriesServiceRef } from './urlReaderFactories';
import { ReadUrlResponseFactory } from './ReadUrlResponseFactory';
import { Readable } from 'node:stream';

let backend: Backend | undefined;
afterEach(() => backend?.stop());

async function urlReaderOf(config: JsonObject, ...features: Parameters<Backend['add']>[0][]) {
  backend = createSpecializedBackend({ defaultServiceFactories });
  let reader: UrlReaderService | undefined;
  backend.add(
    provide(
      coreServices.rootConfig,
      () => new ConfigReader({ backend: { listen: '127.0.0.1:0' }, ...config }),
    ),
  );
  backend.add(provide(coreServices.rootLogger, () => new MemoryLogger()));
  for (const feature of features) backend.add(feature);
  backend.add(
    createPlugin('reading', {
      deps: { urlReader: coreServices.urlReader },
      init: async ({ urlReader }) => {
        reader = urlReader;
      },
    }),
  );
  await backend.start();
  return reader!;
}

it('reads for a plugin what is allowed', async () => {
  const server = await WebServer.start();
  try {
    server.answers.set('/a', 'content');
    const allow = [{ host: server.host }];
    const reader = await urlReaderOf({ backend: { listen: '127.0.0.1:0', reading: { allow } } });
    expect(String(await (await reader.readUrl(`${server.url}/a`)).buffer())).toBe('content');
  } finally {
    await server.stop();
  }
});

it('asks readers that others add before its own', async () => {
  const reader = await urlReaderOf(
    {},
    provide(urlReaderFactoriesServiceRef, () => () => {
      const unreadable = async () => {
        throw new Error('only files here');
      };
      return [
        {
          predicate: (url: URL) => url.protocol === 'memory:' || url.host === 'github.com',
          reader: {
            readUrl: async (url: string) => ReadUrlResponseFactory.fromReadable(Readable.from([`at ${url}`])),
            readTree: unreadable,
            search: unreadable,
          },
        },
      ];
    }),
  );
  for (const url of ['memory:x', 'https://github.com/o/r/blob/main/a']) {
    expect(String(await (await reader.readUrl(url)).buffer())).toBe(`at ${url}`);
  }
  await expect(reader.readUrl('other:x')).rejects.toMatchObject({ name: 'NotAllowedError' });
});

it.each<[JsonObject, string]>([
  [
    { backend: { listen: '127.0.0.1:0', reading: { allow: [{ host: 'https://example.com' }] } } },
    "backend.reading.allow[0].host is 'https://example.com', and must be a host such as example.com",
  ],
  [
    { integrations: { bitbucketCloud: [{ clientId: 'c' }] } },
    'integrations.bitbucketCloud[0].clientSecret is missing',
  ],
])('fails the start of a plugin that reads where the configuration is wrong: %j', async (config, message) => {
  await expect(urlReaderOf(config)).rejects.toThrow(message);
});
