// The example backend: all sample plugins in one process, or only those of the roles in `GREENROOM_ROLE`.
import { createBackend } from '@greenroom/backend-defaults';
import { createRoleLoader } from '@greenroom/backend-defaults/roles';
import { enterFolder, environment } from '@greenroom/example-environment';
import { join } from 'node:path';

enterFolder(join(__dirname, '..'));

const backend = createBackend({ env: environment });
backend.add(
  createRoleLoader({
    catalog: [
      () => import('@greenroom/plugin-catalog-backend'),
      () => import('@greenroom/plugin-catalog-backend-module-logs'),
      () => import('@greenroom/plugin-catalog-backend-module-scaffolder-entity-model'),
    ],
    scaffolder: [
      () => import('@greenroom/plugin-scaffolder-backend'),
      () => import('@greenroom/plugin-scaffolder-backend-module-git'),
    ],
  }),
);
void backend.start();
