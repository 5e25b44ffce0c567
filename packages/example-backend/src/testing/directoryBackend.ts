// A catalog that follows folders, with the kind of templates.
import { createBackend } from '@greenroom/backend-defaults';

const backend = createBackend();
backend.add(import('@greenroom/plugin-catalog-backend'));
backend.add(import('@greenroom/plugin-catalog-backend-module-directory'));
backend.add(import('@greenroom/plugin-catalog-backend-module-scaffolder-entity-model'));
void backend.start();
