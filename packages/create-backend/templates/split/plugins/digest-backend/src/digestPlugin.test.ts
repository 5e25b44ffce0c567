// The digest plugin beside a stand-in for the notes plugin.
import { coreServices, createBackendPlugin, createServiceFactory } from '@greenroom/backend-plugin-api';
import { startTestBackend } from '@greenroom/backend-test-utils';
import { clockServiceRef } from '@internal/environment';
import request from 'supertest';
import { digestPlugin } from './digestPlugin';

const notes = createBackendPlugin({
  pluginId: 'notes',
  register(reg) {
    reg.registerInit({
      deps: { httpRouter: coreServices.httpRouter },
      async init({ httpRouter }) {
        httpRouter.use((_req, res) => void res.json([{ title: 'one' }, { title: 'two' }]));
      },
    });
  },
});

const clock = createServiceFactory({
  service: clockServiceRef,
  deps: {},
  factory: () => ({ now: () => new Date('2030-01-01T00:00:00Z') }),
});

it('tells the titles of all notes', async () => {
  const { server } = await startTestBackend({ features: [digestPlugin, notes, clock] });

  const { body } = await request(server).get('/api/digest').expect(200);

  expect(body).toEqual({ at: '2030-01-01T00:00:00.000Z', titles: ['one', 'two'] });
});
