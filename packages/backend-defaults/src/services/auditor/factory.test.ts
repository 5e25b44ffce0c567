// The auditor of a plugin in a whole backend, down to the lines that the real logger writes.
import { ConfigReader } from '@backstage/config';
import { coreServices, createBackendPlugin, createServiceFactory } from '@greenroom/backend-plugin-api';
import { createBackend } from '../../createBackend';
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
      createServiceFactory({
        service: coreServices.rootConfig,
        deps: {},
        factory: () => new ConfigReader(config),
      }),
      createServiceFactory({
        service: coreServices.rootLogger,
        deps: {},
        factory: () => RootLogger.create({ format: 'json', destination }),
      }),
    ],
  });
  backend.add(
    createBackendPlugin({
      pluginId: 'things',
      register(reg) {
        reg.registerInit({
          deps: { auditor: coreServices.auditor },
          async init({ auditor }) {
            await auditor.createEvent({ eventId: 'unseen', severityLevel: 'medium' });
            const event = await auditor.createEvent({ eventId: 'tidy-up', meta: { count: 3 } });
            await event.fail({ error: new TypeError('no broom') });
          },
        });
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
