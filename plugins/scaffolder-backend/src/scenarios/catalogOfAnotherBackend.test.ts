// Tasks whose catalog is another backend, which ends while it is asked.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventsOf, scaffolderClient } from '../testing/scaffolderClient';
import { template } from '../testing/standInCatalog';
import { type ScaffolderBackend, startScaffolderBackend, testToken } from '../testing/startScaffolderBackend';

const team = { apiVersion: 'v1', kind: 'Group', metadata: { name: 'team' }, spec: {} };
const fetching = template(
  'fetching',
  [{ id: 'team', name: 'team', action: 'catalog:fetch', input: { entityRef: 'group:team' } }],
  { output: { name: '${{ steps.team.output.entity.metadata.name }}' } },
);
const registering = template('registering', [
  {
    id: 'register',
    name: 'register',
    action: 'catalog:register',
    input: { catalogInfoUrl: 'https://example.com/catalog-info.yaml' },
  },
]);

let server: Server;
let url: string;
let backend: ScaffolderBackend;
let requests: string[];
/** How many of the next requests of this method and URL are cut off. */
let cuts: Map<string, number>;
/** Whether the catalog says that it can't serve at the moment. */
let away: boolean;

const answers: { [path: string]: (body: any) => unknown } = {
  '/entities/by-refs': ({ entityRefs }) => ({
    items: entityRefs.map((ref: string) =>
      [fetching, registering, team].find(({ metadata }) => ref.endsWith(`/${metadata.name}`)),
    ),
  }),
  '/locations': body => ({ entities: [team], location: { id: '1', ...body } }),
};

async function bodyOf(request: IncomingMessage): Promise<any> {
  const pieces = await request.toArray();
  return JSON.parse(Buffer.concat(pieces).toString());
}

beforeAll(async () => {
  server = createServer(async (request, res) => {
    const body = await bodyOf(request);
    const asked = `${request.method} ${request.url}`;
    requests.push(asked);
    if (away) return void res.writeHead(503).end();
    const left = cuts.get(asked) ?? 0;
    cuts.set(asked, left - 1);
    if (left > 0) return void request.socket.resetAndDestroy();
    res.setHeader('content-type', 'application/json');
    res.statusCode = request.url!.startsWith('/locations') ? 201 : 200;
    res.end(JSON.stringify(answers[new URL(request.url!, url).pathname]!(body)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const database = { client: 'better-sqlite3', connection: ':memory:' };
  backend = await startScaffolderBackend({ catalogUrl: url, database });
});

beforeEach(() => {
  requests = [];
  cuts = new Map();
  away = false;
});

afterAll(async () => {
  await backend.stop();
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

async function run(name: string) {
  const client = scaffolderClient(backend.url);
  const { taskId } = await client.scaffold({ templateRef: `template:default/${name}`, values: {} });
  return (await eventsOf(client, taskId)).at(-1)!.body;
}

it('does not notice that what only reads was cut off', async () => {
  cuts.set('POST /entities/by-refs', 2);
  expect(await run('fetching')).toMatchObject({ status: 'completed', output: { name: 'team' } });
  expect(requests).toHaveLength(4);
});

it('fails where what writes was cut off, says that it may be done, and does not repeat it', async () => {
  cuts.set('POST /locations?dryRun=true', 1);
  cuts.set('POST /locations', 1);
  const message = expect.stringMatching(
    /POST http:\S+\/locations got no answer: .+\. It may have been carried out nevertheless: look whether it was/,
  );
  expect(await run('registering')).toMatchObject({
    status: 'failed',
    message,
    error: { code: 'GR_REQUEST_UNANSWERED', message },
  });
  expect(requests.slice(-3)).toEqual([
    'POST /locations?dryRun=true',
    'POST /locations?dryRun=true',
    'POST /locations',
  ]);
});

it.each([
  ['says that it can not serve', () => (away = true)],
  ['gives no answer', () => cuts.set('POST /entities/by-refs', 100)],
])('answers with 503 where the catalog %s, as the request may be made again', async (_title, prepare) => {
  prepare();
  const answer = await fetch(`${backend.url}/v2/tasks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${testToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ templateRef: 'template:default/fetching', values: {} }),
  });
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({
    error: { name: 'ServiceUnavailableError', message: expect.stringContaining('correlation id') },
  });
});
