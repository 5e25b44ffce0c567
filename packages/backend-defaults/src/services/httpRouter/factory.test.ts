// What the router of a plugin leaves behind at the root router.
import { coreServices } from '@greenroom/backend-plugin-api';
import { createPlugin, provide } from '@greenroom/testing';
import express, { type Handler } from 'express';
import { composeBackend } from '../../testing/startBackend';
import type { mountAtRoot } from './mountAtRoot';

const rootRouterOf = (router: Parameters<typeof mountAtRoot>[0]) =>
  provide(coreServices.rootHttpRouter, () => router);

it('leaves nothing of failed attempts at the root router, however often a plugin is tried', async () => {
  const mounted: Handler[] = [];
  const rootRouter = rootRouterOf({
    use() {},
    useRemovable(_path: string, handler: Handler) {
      mounted.push(handler);
      return () => void mounted.splice(mounted.indexOf(handler), 1);
    },
    addWebSocketHandler() {},
  });
  let attempts = 0;
  let isUp!: () => void;
  const up = new Promise<void>(resolve => (isUp = resolve));
  const plugin = createPlugin('flaky', {
    deps: { http: coreServices.httpRouter },
    async init({ http }) {
      http.use(Object.assign<Handler, object>((_req, _res, next) => next(), { upgrade() {} }));
      if (++attempts < 4) throw new Error('not yet');
      isUp();
    },
  });
  const startup = { default: { onPluginBootFailure: 'retry' }, retry: { initialDelay: 1 } };
  const { backend } = composeBackend({
    features: [plugin],
    services: [rootRouter],
    config: { backend: { startup } },
  });
  await backend.start();
  await up;
  // One for requests, and one for upgrades.
  expect(mounted).toHaveLength(2);
  await backend.stop();
  expect(mounted).toEqual([]);
});

it('calls nothing that the root router of somebody else returns, such as the application of express', async () => {
  const app = express();
  const rootRouter = rootRouterOf({
    use: (path: string, handler: Handler) => app.use(path, handler),
    addWebSocketHandler() {},
  });
  const plugin = createPlugin('some', { deps: { http: coreServices.httpRouter } });
  const { backend } = composeBackend({ features: [plugin], services: [rootRouter] });
  await backend.start();
  expect(await backend.stop()).toMatchObject({ outcome: 'success' });
});
