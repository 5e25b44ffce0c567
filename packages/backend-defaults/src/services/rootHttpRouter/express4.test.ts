// Routers and applications of express 4, as older plugins have them, beside those of express 5.
import { coreServices, type BackendFeature } from '@greenroom/backend-plugin-api';
import { createPlugin } from '@greenroom/testing';
import express5 from 'express';
import { startBackend, type StartedBackend } from '../../testing/startBackend';

// It has no types of its own here; what is used of it is the same in both.
const express4 = jest.requireActual<typeof express5>('express4');

let backend: StartedBackend | undefined;
afterEach(async () => {
  await backend?.stop();
});

function plugin(pluginId: string, express: typeof express5, whole: 'router' | 'application'): BackendFeature {
  return createPlugin(pluginId, {
    deps: { httpRouter: coreServices.httpRouter },
    async init({ httpRouter }) {
      const handler = whole === 'router' ? express.Router() : express();
      handler.post(
        '/large',
        express.json({ limit: '1mb' }),
        (req, res) => void res.json(req.body.long.length),
      );
      handler.use(express.json());
      handler.get('/things/:id', (req, res) => {
        res
          .status(201)
          .cookie('a', 'b')
          .json({
            id: req.params.id,
            query: req.query,
            baseUrl: req.baseUrl,
            originalUrl: req.originalUrl,
            path: req.path,
            hostname: req.hostname,
            accepts: req.accepts('json'),
          });
      });
      handler.post('/things', (req, res) => void res.send(req.body));
      handler.get('/redirect', (_req, res) => res.redirect('/elsewhere'));
      handler.get('/file', (_req, res) => res.sendFile(__filename));
      handler.get('/throws', () => {
        throw Object.assign(new Error('not that'), { name: 'ConflictError' });
      });
      handler.get('/next', (_req, _res, next) => next(Object.assign(new Error('no'), { status: 418 })));
      httpRouter.use(handler);
      httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
    },
  });
}

describe.each([
  ['express 4', express4],
  ['express 5', express5],
])('%s', (_name, express) => {
  it.each(['router', 'application'] as const)('serves a plugin by its %s', async whole => {
    backend = await startBackend({ features: [plugin('old', express, whole)] });
    const base = `${backend.url}/api/old`;
    const got = await fetch(`${base}/things/a%20b?x=1`);
    expect([got.status, got.headers.get('set-cookie'), got.headers.get('x-content-type-options')]).toEqual([
      201,
      'a=b; Path=/',
      'nosniff',
    ]);
    expect(await got.json()).toMatchObject({
      id: 'a b',
      query: { x: '1' },
      baseUrl: '/api/old',
      originalUrl: '/api/old/things/a%20b?x=1',
      path: '/things/a%20b',
      hostname: '127.0.0.1',
      accepts: 'json',
    });
    const json = (body: string) => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(await (await fetch(`${base}/things`, json('{"a":[1]}'))).json()).toEqual({ a: [1] });
    const redirect = await fetch(`${base}/redirect`, { redirect: 'manual' });
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, '/elsewhere']);
    expect(await (await fetch(`${base}/file`)).text()).toContain('Routers and applications of express 4');
  });

  it('answers its errors with the common body, and with 413 what is longer than its parser takes', async () => {
    backend = await startBackend({ features: [plugin('old', express, 'router')] });
    const base = `${backend.url}/api/old`;
    const errorOf = async (path: string, init?: RequestInit) => {
      const response = await fetch(`${base}${path}`, init);
      return [response.status, ((await response.json()) as { error: { name: string } }).error.name];
    };
    expect(await errorOf('/throws')).toEqual([409, 'ConflictError']);
    expect(await errorOf('/next')).toEqual([418, 'Error']);
    expect(await errorOf('/none')).toEqual([404, 'NotFoundError']);
    // The parsers' own limit, 100 kB, is there for everyone who sets no other.
    const body = JSON.stringify({ long: 'x'.repeat(200_000) });
    const headers = { 'content-type': 'application/json' };
    expect(await errorOf('/things', { method: 'POST', headers, body })).toEqual([
      413,
      'PayloadTooLargeError',
    ]);
    expect(await (await fetch(`${base}/large`, { method: 'POST', headers, body })).json()).toBe(200_000);
  });

  it('works on the root router', async () => {
    const root = createPlugin('root', {
      deps: { rootHttpRouter: coreServices.rootHttpRouter },
      async init({ rootHttpRouter }) {
        const router = express.Router();
        router.get('/:name', (req, res) => void res.json({ name: req.params.name, baseUrl: req.baseUrl }));
        rootHttpRouter.use('/base/of', router);
      },
    });
    backend = await startBackend({ features: [root] });
    const response = await fetch(`${backend.url}/base/of/me`);
    expect(await response.json()).toEqual({ name: 'me', baseUrl: '/base/of' });
  });
});
