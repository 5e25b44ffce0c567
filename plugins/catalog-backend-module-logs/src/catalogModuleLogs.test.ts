// Tests of the module against the extension point that it uses.
import { coreServices, createBackendPlugin, createServiceFactory } from '@greenroom/backend-plugin-api';
import { createBackend } from '@greenroom/backend-defaults';
import { rootConfigServiceFactory } from '@greenroom/backend-defaults/rootConfig';
import {
  catalogIngestionExtensionPoint,
  type IngestionRefusal,
  type IngestionRefusalListener,
} from '@greenroom/plugin-catalog-node';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import catalogModuleLogs from './index';

it('warns of each refusal, with its place as text and as fields', async () => {
  const refusal: IngestionRefusal = {
    subject: 'document',
    file: '/a.yaml',
    line: 3,
    entityRef: 'component:default/a',
    reason: 'spec.type is missing',
  };
  const listeners: IngestionRefusalListener[] = [];
  const source = createBackendPlugin({
    pluginId: 'catalog',
    register(reg) {
      reg.registerExtensionPoint(catalogIngestionExtensionPoint, {
        addRefusalListener: listener => void listeners.push(listener),
      });
      reg.registerInit({
        deps: {},
        async init() {
          for (const listener of listeners) await listener(refusal);
        },
      });
    },
  });
  const warnings: unknown[] = [];
  const logger: LoggerService = {
    error() {},
    warn: (message, meta) => void warnings.push([message, meta]),
    info() {},
    debug() {},
    child: () => logger,
  };
  const backend = createBackend({
    services: [
      rootConfigServiceFactory({ argv: [], watch: false }),
      createServiceFactory({ service: coreServices.rootLogger, deps: {}, factory: () => logger }),
    ],
  });
  backend.add(source);
  backend.add(catalogModuleLogs);
  await backend.start();
  await backend.stop();

  expect(warnings).toEqual([
    [
      'Refused: /a.yaml:3: component:default/a: spec.type is missing',
      { subject: 'document', file: '/a.yaml', line: 3, entityRef: 'component:default/a' },
    ],
  ]);
});
