// A backend that measures and traces itself, in a process of its own; writes where it listens, and calls another one when asked.
import { coreServices, createBackendPlugin } from '@greenroom/backend-plugin-api';
import { metricsServiceRef, tracingServiceRef } from '@greenroom/backend-plugin-api/alpha';
import express from 'express';
import { writeSync } from 'node:fs';
import { startupReporterServiceFactory } from '../../services/startupReporter/factory';
import { startBackend, type StartedBackend } from '../../testing/startBackend';

const { pluginId, config } = JSON.parse(process.argv[2]!);

let backend: StartedBackend | undefined;

const plugin = createBackendPlugin({
  pluginId,
  register(reg) {
    reg.registerInit({
      deps: {
        cache: coreServices.cache,
        database: coreServices.database,
        discovery: coreServices.discovery,
        httpRouter: coreServices.httpRouter,
        metrics: metricsServiceRef,
        scheduler: coreServices.scheduler,
        tracing: tracingServiceRef,
      },
      async init({ cache, database, discovery, httpRouter, metrics, scheduler, tracing }) {
        if (pluginId === 'failing') throw new Error('failing');
        await (await database.getClient()).raw('select 1');
        await cache.set('there', 1);
        const words = metrics.createCounter('words');
        const router = express.Router();
        router.get('/call/:target', async (req, res) => {
          const url = await discovery.getBaseUrl(req.params.target);
          const answer = await tracing.startActiveSpan('calling', () =>
            fetch(`${url}/items/7?token=hunter2`),
          );
          res.json(await answer.json());
        });
        const items = express.Router({ mergeParams: true });
        items.get('/', async (_req, res) => {
          words.add(1);
          await Promise.all([cache.get('there'), cache.get('not there')]);
          res.json({ item: 7 });
        });
        router.use('/items/:id', items);
        router.get('/broken', () => {
          throw new Error('broken');
        });
        httpRouter.use(router);
        httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
        await scheduler.scheduleTask({
          id: 'once',
          frequency: { trigger: 'manual' },
          timeout: { minutes: 1 },
          scope: 'local',
          async fn() {},
        });
        router.get('/warnings', (_req, res) => {
          const warnings = backend!.logger.entries.filter(({ level }) => level === 'warn');
          res.json(warnings.map(({ message }) => message));
        });
        router.post('/run', async (_req, res) => {
          await scheduler.triggerTask('once');
          res.json({});
        });
      },
    });
  },
});

async function main(): Promise<void> {
  backend = await startBackend({ config, features: [plugin, startupReporterServiceFactory] });
  const told = backend.logger.entries.map(({ message }) => /finds the metrics at (.*)$/.exec(message)?.[1]);
  writeSync(1, `${JSON.stringify({ url: backend.url, prometheus: told.find(Boolean) })}\n`);
  process.on('SIGTERM', () => void backend!.stop());
}

main().catch(() => process.exit(1));
