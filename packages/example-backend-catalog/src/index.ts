// A backend with only the catalog. The plugin is the same as in the example backend; only the list is shorter.
import { createBackend } from '@greenroom/backend-defaults';
import { enterFolder, environment } from '@greenroom/example-environment';
import { join } from 'node:path';

enterFolder(join(__dirname, '..'));

const backend = createBackend({ env: environment });
backend.add(import('@greenroom/plugin-catalog-backend'));
backend.add(import('@greenroom/plugin-catalog-backend-module-logs'));
backend.add(import('@greenroom/plugin-catalog-backend-module-scaffolder-entity-model'));
void backend.start();
