// The auditor of a plugin in a whole backend, down to the lines that the real logger writes.
import { ConfigReader } from '@backstage/config';
import { coreServices } from '@greenroom/backend-plugin-api';
import { createPlugin, provide } from '@greenroom/testing';
import { createBackend } from '../../createBackend';
import { startBackend } from '../../testing/startBackend';
import { RootLogger } from '../rootLogger';

it('writes audit events as lines of the log', async () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const config = {
    backend: {
      listen: { host: '127.0.0.1', port: 0 },
      auditor: { severityLogLevelMappings: { low: 'info', medium: 'debug' } },
    },
  };
  const backend = createBackend({
    services: [
      provide(coreServices.rootConfig, () => new ConfigReader(config)),
      provide(coreServices.rootLogger, () => RootLogger.create({ format: 'json', destination })),
    ],
  });
  backend.add(
    createPlugin('things', {
      deps: { auditor: coreServices.auditor },
      async init({ auditor }) {
        await auditor.createEvent({ eventId: 'unseen', severityLevel: 'medium' });
        const event = await auditor.createEvent({ eventId: 'tidy-up', meta: { count: 3 } });
        await event.fail({ error: new TypeError('no broom') });
      },
    }),
  );
  await backend.start();
  await backend.stop();
  const audited = lines.map(line => JSON.parse(line)).filter(({ isAuditEvent }) => isAuditEvent);
  const common = {
    level: 'info',
    message: 'things.tidy-up',
    plugin: 'things',
    eventId: 'tidy-up',
    severityLevel: 'low',
    actor: { actorId: 'plugin:things' },
    meta: { count: 3 },
  };
  expect(audited).toMatchObject([
    { ...common, status: 'initiated' },
    { ...common, status: 'failed', error: { name: 'TypeError', message: 'no broom' } },
  ]);
});

it('writes no secret of the configuration, wherever it comes in, and no token of the caller', async () => {
  const [secret, token] = ['a-secret-of-the-configuration', 'a-token-of-some-length'];
  const lines: string[] = [];
  const logger = RootLogger.create({
    format: 'json',
    level: 'debug',
    destination: { write: line => void lines.push(line) },
  });
  logger.addRedactions([secret]);
  const plugin = createPlugin('things', {
    deps: { auditor: coreServices.auditor, http: coreServices.httpRouter },
    async init({ auditor, http }) {
      http.use(async (req, res) => {
        const event = await auditor.createEvent({
          eventId: 'connect',
          severityLevel: 'critical',
          request: req,
          meta: { url: `https://user:${secret}@host`, deep: { list: [secret] } },
        });
        await event.fail({ error: new Error(`refused ${secret}`, { cause: new Error(secret) }) });
        res.end();
      });
    },
  });
  const externalAccess = [{ type: 'static', options: { token, subject: 'tests' } }];
  const backend = await startBackend({
    config: { backend: { auth: { externalAccess } } },
    features: [plugin, provide(coreServices.rootLogger, () => logger)],
  });
  try {
    await fetch(`${backend.url}/api/things/x?key=${secret}`, {
      headers: { authorization: `Bearer ${token}`, 'user-agent': `probe ${secret}` },
    });
  } finally {
    await backend.stop();
  }
  const audited = lines.map(line => JSON.parse(line)).filter(({ isAuditEvent }) => isAuditEvent);
  expect(audited).toMatchObject([
    { status: 'initiated', request: { url: '/api/things/x?key=***' }, meta: { deep: { list: ['***'] } } },
    {
      status: 'failed',
      actor: { actorId: 'tests', userAgent: 'probe ***' },
      error: { message: 'refused ***' },
    },
  ]);
  expect(lines.join('')).not.toContain(secret);
  expect(lines.join('')).not.toContain(token);
});

it('knows who sent a request, also one that is refused', async () => {
  const plugin = createPlugin('things', {
    deps: { auditor: coreServices.auditor, http: coreServices.httpRouter },
    async init({ auditor, http }) {
      http.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
      http.use(async (req, res) => {
        const event = await auditor.createEvent({ eventId: 'look', request: req });
        await event.success();
        res.end();
      });
    },
  });
  const externalAccess = [{ type: 'static', options: { token: 'a-token-of-some-length', subject: 'tests' } }];
  const backend = await startBackend({
    config: { backend: { auth: { externalAccess } } },
    features: [plugin],
  });
  try {
    for (const token of ['a-token-of-some-length', 'another']) {
      await fetch(`${backend.url}/api/things/x`, { headers: { authorization: `Bearer ${token}` } });
    }
    await fetch(`${backend.url}/api/things/y`);
  } finally {
    await backend.stop();
  }
  const records = backend.logger.entries.filter(({ meta }) => meta.status === 'succeeded');
  expect(records.map(({ meta }) => [meta.request, (meta.actor as { actorId?: string }).actorId])).toEqual([
    [{ method: 'GET', url: '/api/things/x' }, 'tests'],
    [{ method: 'GET', url: '/api/things/x' }, undefined],
    [{ method: 'GET', url: '/api/things/y' }, undefined],
  ]);
});
