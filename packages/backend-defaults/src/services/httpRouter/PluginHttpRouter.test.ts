// A plugin's router: its handlers one after another, behind the check of credentials.
import { AuthenticationError } from '@backstage/errors';
import type { Request, Response } from 'express';
import { PluginGate } from './PluginGate';
import { PluginHttpRouter, type PluginHttpRouterOptions } from './PluginHttpRouter';

const open: PluginHttpRouterOptions['barrier'] = {
  middleware: (_req, _res, next) => next(),
  addAuthPolicy() {},
};

async function startedRouter(options: Partial<PluginHttpRouterOptions> = {}): Promise<PluginHttpRouter> {
  const status = { get: () => ({ status: 'started' as const }), settled: () => Promise.resolve() };
  const gate = new PluginGate({ pluginId: 'a', status, pauseTimeout: 0 });
  await Promise.resolve();
  expect(gate.open).toBe(true);
  return new PluginHttpRouter({ gate, barrier: open, authEndpoints: [], ...options });
}

const run = (router: PluginHttpRouter, url = '/') =>
  new Promise(resolve => {
    void router.handler()({ url } as Request, {} as Response, resolve);
  });

it('runs handlers in order, and after an error only error handlers', async () => {
  const router = await startedRouter();
  const seen: string[] = [];
  router.use((_req, _res, next) => {
    seen.push('first');
    next();
  });
  router.use(async () => {
    seen.push('second');
    throw new Error('rejected');
  });
  router.use(() => void seen.push('never'));
  router.use(((error: Error, _req: Request, _res: Response, next: (error: Error) => void) => {
    seen.push(error.message);
    next(new Error('again'));
  }) as never);
  const outcome = await run(router);
  expect(seen).toEqual(['first', 'second', 'rejected']);
  expect(outcome).toMatchObject({ message: 'again' });
});

it.each<[string, unknown, string]>([
  ['nothing', undefined, 'given undefined, which is not a handler'],
  ['a path, as express takes', '/x', "given the string '/x', which is not a handler"],
])('refuses %s instead of a handler', async (_name, handler, words) => {
  const router = await startedRouter();
  expect(() => router.use(handler as never)).toThrow(words);
});

it('gives upgrade requests to the first handler that takes them', async () => {
  const onUpgradable = jest.fn();
  const router = await startedRouter({ onUpgradable });
  const [first, second] = [jest.fn(), jest.fn()];
  router.use(() => {});
  for (const upgrade of [first, second]) router.use(Object.assign(() => {}, { upgrade }));
  expect(onUpgradable).toHaveBeenCalledTimes(1);
  await onUpgradable.mock.calls[0][0]({ url: '/' }, {}, Buffer.alloc(0));
  expect([first, second].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
});

it('runs no handler for a request that the barrier refuses', async () => {
  const policies: unknown[] = [];
  const router = await startedRouter({
    barrier: {
      middleware: (_req, _res, next) => next(new AuthenticationError('refused')),
      addAuthPolicy: policy => policies.push(policy),
    },
  });
  const handler = jest.fn();
  router.use(handler);
  expect(await run(router)).toMatchObject({ name: 'AuthenticationError' });
  expect(handler).not.toHaveBeenCalled();
  router.addAuthPolicy({ path: '/x', allow: 'user-cookie' });
  expect(policies).toEqual([{ path: '/x', allow: 'user-cookie' }]);
});

it('asks the auth endpoints first, for their paths only, and checks what they pass on', async () => {
  const endpoint = jest.fn((_req, _res, next) => next());
  const router = await startedRouter({
    authEndpoints: [endpoint],
    barrier: { ...open, middleware: (_req, _res, next) => next(new AuthenticationError('refused')) },
  });
  expect(await run(router, '/other')).toMatchObject({ message: 'refused' });
  expect(endpoint).not.toHaveBeenCalled();
  expect(await run(router, '/.backstage/auth/v1/nothing')).toMatchObject({ message: 'refused' });
  expect(endpoint).toHaveBeenCalledTimes(1);
});

it('passes everything on once it is closed', async () => {
  const router = await startedRouter({ authEndpoints: [() => {}] });
  router.use(() => {});
  router.close();
  expect(await run(router, '/.backstage/auth/v1/jwks.json')).toBeUndefined();
});
