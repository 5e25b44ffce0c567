// The scaffolder calls a catalog in another process for a user: the catalog knows for whom, and shows what that user may see.
import { freePort } from '@greenroom/testing';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { cleanUpExamples, exampleConfig, runExample, writeConfig } from './testing/runExample';

jest.setTimeout(60_000);

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function signed(typ: string, claims: object): string {
  const content = `${encode({ typ, alg: 'ES256', kid: 'users' })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(content), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}

function tokenOf(userRef: string): string {
  const iat = Math.floor(Date.now() / 1000);
  const identity = { sub: userRef, iat, exp: iat + 600 };
  const limited = signed('vnd.backstage.limited-user', identity);
  return signed('vnd.backstage.user', { ...identity, aud: 'backstage', uip: limited.split('.')[2] });
}

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

describe('a call from one backend to the other', () => {
  let authority: Server;
  let scaffolder: string;
  /** By which plugin the authority was asked what is allowed, and on whose behalf. */
  const asked = new Set<string>();

  beforeAll(async () => {
    // Stands in for a backend with an auth and a permission plugin: publishes keys, and lets one user see everything.
    authority = createServer(async (req, res) => {
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify(req.url === '/api/permission/authorize' ? await decide(req) : keys()));
    }).listen(0, '127.0.0.1');
    await once(authority, 'listening');
    const ports = {
      auth: (authority.address() as AddressInfo).port,
      permission: (authority.address() as AddressInfo).port,
      catalog: await freePort(),
      scaffolder: await freePort(),
    };
    const endpoints = Object.entries(ports).map(([plugin, port]) => ({
      target: `http://127.0.0.1:${port}/api/{{pluginId}}`,
      plugins: [plugin],
    }));
    const start = async (role: 'catalog' | 'scaffolder') => {
      const backend = {
        listen: { host: '127.0.0.1', port: ports[role] },
        auth: { dangerouslyDisableDefaultAuthPolicy: false },
      };
      const permission = { enabled: role === 'catalog' };
      const file = await writeConfig(JSON.stringify({ backend, permission, discovery: { endpoints } }));
      return runExample(['--config', exampleConfig, '--config', file], undefined, {
        GREENROOM_ROLE: role,
      }).ready();
    };
    [, scaffolder] = (await Promise.all([start('catalog'), start('scaffolder')])) as [string, string];
  });
  afterAll(async () => {
    await cleanUpExamples();
    authority.close();
  });

  const keys = () => ({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'users', alg: 'ES256' }] });

  async function decide(req: IncomingMessage) {
    const { items } = JSON.parse(await text(req)) as { items: { id: string }[] };
    const { sub, obo } = claimsOf(req.headers.authorization!.replace('Bearer ', ''));
    const user = obo && claimsOf(obo).sub;
    asked.add(`${sub} for ${user}`);
    return { items: items.map(({ id }) => ({ id, result: user === 'user:default/ada' ? 'ALLOW' : 'DENY' })) };
  }

  async function ask(userRef: string | undefined, path: string, body?: object) {
    const answer = await fetch(`${scaffolder}/api/scaffolder/v2/tasks${path}`, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: {
        'content-type': 'application/json',
        ...(userRef && { authorization: `Bearer ${tokenOf(userRef)}` }),
      },
    });
    return { status: answer.status, body: (await answer.json()) as any };
  }
  const create = (userRef?: string) =>
    ask(userRef, '', {
      templateRef: 'template:default/documentation-site',
      values: { name: 'lights', owner: 'digital' },
    });

  it('carries the user along, so that everyone sees what is theirs to see', async () => {
    expect((await create()).status).toBe(401);
    const refused = await create('user:default/guest');
    expect(refused.status).toBe(404);

    const { status, body } = await create('user:default/ada');
    expect(status).toBe(201);
    let task = await ask('user:default/ada', `/${body.id}`);
    while (['open', 'processing'].includes(task.body.status)) {
      await sleep(50);
      task = await ask('user:default/ada', `/${body.id}`);
    }
    expect(task.body).toMatchObject({ status: 'completed', createdBy: 'user:default/ada' });
    expect([...asked].sort()).toEqual(['catalog for user:default/ada', 'catalog for user:default/guest']);
  });
});
