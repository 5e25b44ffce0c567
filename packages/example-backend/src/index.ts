// The example backend: every sample plugin in one process.
import { createBackend } from '@greenroom/backend-defaults';
import { enterFolder, environment } from '@greenroom/example-environment';
import { join } from 'node:path';

enterFolder(join(__dirname, '..'));

const backend = createBackend({ env: environment });
backend.add(import('@greenroom/plugin-catalog-backend'));
backend.add(import('@greenroom/plugin-catalog-backend-module-logs'));
backend.add(import('@greenroom/plugin-catalog-backend-module-scaffolder-entity-model'));
backend.add(import('@greenroom/plugin-scaffolder-backend'));
backend.add(import('@greenroom/plugin-scaffolder-backend-module-git'));
void backend.start();
