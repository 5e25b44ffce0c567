// A backend with only the scaffolder. It finds the catalog through discovery, wherever that runs.
import { createBackend } from '@greenroom/backend-defaults';
import { enterFolder, environment } from '@greenroom/example-environment';
import { join } from 'node:path';

enterFolder(join(__dirname, '..'));

const backend = createBackend({ env: environment });
backend.add(import('@greenroom/plugin-scaffolder-backend'));
backend.add(import('@greenroom/plugin-scaffolder-backend-module-git'));
void backend.start();
