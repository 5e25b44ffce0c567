// Discovery in a whole backend, where one plugin calls another over real HTTP.
import { ConfigReader } from '@backstage/config';
import { startupReporterServiceRef } from '@greenroom/backend-app-api';
import { coreServices } from '@greenroom/backend-plugin-api';
import { createPlugin, provide } from '@greenroom/testing';
import { createBackend } from '../../createBackend';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { HttpServerAddress, httpServerAddressServiceRef } from './HttpServerAddress';

it('leads one plugin to another, on a port that is known only when the server listens', async () => {
  const address = new HttpServerAddress();
  const backend = createBackend({
    services: [
      provide(
        coreServices.rootConfig,
        () => new ConfigReader({ backend: { listen: { host: '127.0.0.1', port: 0 } } }),
      ),
      provide(coreServices.rootLogger, () => new MemoryLogger()),
      provide(startupReporterServiceRef, () => ({
        progress() {},
        result() {},
        shutdown() {},
        addLine: (label, value) => void (label === 'Listening' && address.report(value)),
      })),
      provide(httpServerAddressServiceRef, () => address),
    ],
  });
  let answer: unknown;
  backend.add(
    createPlugin('called', {
      deps: { http: coreServices.httpRouter },
      async init({ http }) {
        http.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
        http.use((req, res) => void res.json({ path: req.originalUrl }));
      },
    }),
  );
  backend.add(
    createPlugin('caller', {
      deps: { discovery: coreServices.discovery },
      async init({ discovery }) {
        answer = await (await fetch(`${await discovery.getBaseUrl('called')}/x`)).json();
      },
    }),
  );
  await backend.start();
  await backend.stop();
  expect(answer).toEqual({ path: '/api/called/x' });
});
