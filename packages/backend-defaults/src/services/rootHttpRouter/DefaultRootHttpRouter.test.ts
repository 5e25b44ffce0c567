// Which handlers get a request, by its path as it was sent, and what finding them costs.
import express, { type Handler, type Request, type Response } from 'express';
import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { DefaultRootHttpRouter } from './DefaultRootHttpRouter';

const servers: http.Server[] = [];
afterEach(() => servers.splice(0).forEach(server => server.close()));

/** Serves a router; what it gives sends a path as it is and resolves with the body of the answer. */
async function serve(router: DefaultRootHttpRouter): Promise<(path: string) => Promise<string>> {
  const app = express().use(router.handler(), (req, res) => void res.send(`nothing at ${req.url}`));
  app.use(
    ((error, req, res, _next) =>
      void res.send(`${error.message} at ${req.url}`)) as express.ErrorRequestHandler,
  );
  const server = app.listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return async path => {
    const request = http.get({ host: '127.0.0.1', port, path, agent: false });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    return (await response.toArray()).join('');
  };
}

const tell =
  (name: string): Handler =>
  (req, res) =>
    void res.send(`${name} ${req.baseUrl} ${req.url}`);

function makeRouter(routes: Record<string, Handler>, indexPath?: string | false): DefaultRootHttpRouter {
  const router = DefaultRootHttpRouter.create({ indexPath });
  for (const [path, handler] of Object.entries(routes)) router.use(path, handler);
  return router;
}

it.each([
  ['/api/catalog', 'catalog /api/catalog /'],
  ['/api/catalog/', 'catalog /api/catalog /'],
  ['/api/catalog?a=/b', 'catalog /api/catalog /?a=/b'],
  ['/api/catalog//a?b=//c', 'catalog /api/catalog /a?b=//c'],
  ['/api/catalog///a', 'catalog /api/catalog //a'],
  ['/api/catalog/a//b/../c%2f', 'catalog /api/catalog /a//b/../c%2f'],
  ['/API/Catalog/a', 'catalog /API/Catalog /a'],
  ['/api/catalog/own/a', 'own /api/catalog/own /a'],
  ['/api/catalog/owner', 'catalog /api/catalog /owner'],
])('gives %s to the longest path that it begins with', async (path, answer) => {
  const ask = await serve(makeRouter({ '/api/catalog': tell('catalog'), '/api/catalog/own/': tell('own') }));
  expect(await ask(path)).toBe(answer);
});

it.each([
  '/api/catalogue',
  '/api/cat',
  '/api',
  '/catalog',
  '//api/catalog',
  '/api//catalog',
  '/api/./catalog',
  '/x/../api/catalog',
  '/api\\catalog',
  '/api%2fcatalog',
  '/api/%63atalog',
  '/api/catalog%2fx',
  '/api/catalog;x',
  '/api/catalog%00',
  '/api/__proto__',
  '/api/constructor',
  '/?/api/catalog',
])('takes %s for no path of a plugin', async path => {
  const ask = await serve(makeRouter({ '/api/catalog': tell('catalog') }));
  expect(await ask(path)).toBe(`nothing at ${path}`);
});

it('passes on what a handler leaves: to the next of its path, to shorter paths, to patterns, to nobody', async () => {
  const leave: Handler = (_req, _res, next) => next();
  const router = makeRouter({
    '/a/b': leave,
    '/a': tell('short'),
    '/:name/b': tell('pattern'),
    '/d/b': leave,
  });
  router.use('/a/b', (req, res, next) => (req.query.take ? tell('second')(req, res, next) : next()));
  const ask = await serve(router);
  expect(await ask('/a/b/c?take=1')).toBe('second /a/b /c?take=1');
  expect(await ask('/a/b/c')).toBe('short /a /b/c');
  expect(await ask('/d/b/c')).toBe('pattern /d/b /c');
  expect(await ask('/d/c')).toBe('nothing at /d/c');
});

it('asks a handler that passes a request on no second time, however many paths are as long', async () => {
  const leave = jest.fn<void, Parameters<Handler>>((_req, _res, next) => next());
  const ask = await serve(makeRouter({ '/api/a': leave, '/api/b': tell('b'), '/api/c': tell('c') }));
  expect(await ask('/api/a/x')).toBe('nothing at /api/a/x');
  expect(leave).toHaveBeenCalledTimes(1);
});

it('forgets a handler that is removed, and no other', async () => {
  const router = DefaultRootHttpRouter.create();
  const remove = router.useRemovable('/a', tell('first'));
  router.use('/a', tell('second'));
  const ask = await serve(router);
  expect(await ask('/a')).toBe('first /a /');
  remove();
  expect(await ask('/a')).toBe('second /a /');
});

it('forgets the upgrades of a handler that is removed', () => {
  const router = DefaultRootHttpRouter.create();
  const remove = router.useRemovable('/a', Object.assign(tell('a'), { upgrade() {} }));
  expect(router.upgrades.find('/a/x')).toBeDefined();
  remove();
  expect(router.upgrades.find('/a/x')).toBeUndefined();
});

it('compares whole paths, also where others are longer than that of the request', async () => {
  const ask = await serve(makeRouter({ '/api/a': tell('a'), '/api/a/b/c': tell('long') }));
  expect(await ask('/api/ax')).toBe('nothing at /api/ax');
  expect(await ask('/api/a/b')).toBe('a /api/a /b');
});

it('gives errors to nobody but the error handler, with the whole path again', async () => {
  const router = makeRouter({
    '/a/b': () => {
      throw new Error('thrown');
    },
    '/a': tell('short'),
  });
  expect(await (await serve(router))('/a/b/c')).toBe('thrown at /a/b/c');
});

it('leaves the URL as it is for handlers of the root', async () => {
  expect(await (await serve(makeRouter({ '/': tell('root') })))('//a//b')).toBe('root  //a//b');
});

it('gives all that nothing else matches to the index path, whole', async () => {
  const routes = { '/api/app': tell('app'), '/api/catalog': tell('catalog') };
  const ask = await serve(makeRouter(routes));
  expect(await ask('/some/page')).toBe('app  /some/page');
  expect(await ask('/api/app/page')).toBe('app /api/app /page');
  expect(await ask('/api/catalog')).toBe('catalog /api/catalog /');
  expect(await (await serve(makeRouter(routes, false)))('/some/page')).toBe('nothing at /some/page');
  expect(await (await serve(makeRouter(routes, '/api/catalog')))('/page')).toBe('catalog  /page');
});

it.each(['/api', '/api/', '/api?a=b', '/api/nobody', '/API/nobody', '/api//nobody', '/api/catalog/nothing'])(
  'does not give %s to the index path: clients would take its page for an answer',
  async path => {
    const pass: Handler = (_req, _res, next) => next();
    const ask = await serve(makeRouter({ '/api/app': tell('app'), '/api/catalog': pass }));
    expect(await ask(path)).toBe(`nothing at ${path}`);
    expect(await ask('/api-docs')).toBe('app  /api-docs');
  },
);

it.each([1, 1_000])('finds the last of %i plugins with a single look-up', count => {
  let found = 0;
  const routes = Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`/api/plugin${at}`, () => void (found = at + 1)]),
  );
  const handler = makeRouter(routes).handler();
  const req = { url: `/api/plugin${count - 1}/things?a=b`, baseUrl: '', params: {} } as Request;
  const lookUps = jest.spyOn(Map.prototype, 'get');
  try {
    handler(req, {} as Response, () => {});
    expect(lookUps).toHaveBeenCalledTimes(1);
  } finally {
    lookUps.mockRestore();
  }
  expect(found).toBe(count);
});
