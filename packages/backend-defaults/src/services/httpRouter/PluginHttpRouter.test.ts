// A plugin's router: its policies, and its handlers one after another.
import { PluginGate } from './PluginGate';
import { PluginHttpRouter } from './PluginHttpRouter';
import type { Request, Response } from 'express';

async function startedRouter(): Promise<PluginHttpRouter> {
  const status = { get: () => ({ status: 'started' as const }), settled: () => Promise.resolve() };
  const gate = new PluginGate({ pluginId: 'a', status, pauseTimeout: 0 });
  await Promise.resolve();
  expect(gate.open).toBe(true);
  return new PluginHttpRouter(gate);
}

it('keeps auth policies in order, as they were given', async () => {
  const router = await startedRouter();
  const policy = { path: '/public', allow: 'unauthenticated' as const };
  router.addAuthPolicy(policy);
  router.addAuthPolicy({ path: '/files', allow: 'user-cookie' });
  policy.path = '/';
  expect(router.authPolicies).toEqual([
    { path: '/public', allow: 'unauthenticated' },
    { path: '/files', allow: 'user-cookie' },
  ]);
  expect(() => router.addAuthPolicy({ path: 'x', allow: 'user-cookie' })).toThrow("unlike 'x'");
  expect(() => router.addAuthPolicy({ path: '/', allow: 'all' as never })).toThrow("not 'all'");
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
  const outcome = await new Promise(resolve => {
    void router.handler()({} as Request, {} as Response, resolve);
  });
  expect(seen).toEqual(['first', 'second', 'rejected']);
  expect(outcome).toMatchObject({ message: 'again' });
});
