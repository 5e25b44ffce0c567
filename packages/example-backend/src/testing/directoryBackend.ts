// A backend with a catalog that follows folders and knows templates.
import { createBackend } from '@greenroom/backend-defaults';

const backend = createBackend();
backend.add(import('@greenroom/plugin-catalog-backend'));
backend.add(import('@greenroom/plugin-catalog-backend-module-directory'));
backend.add(import('@greenroom/plugin-catalog-backend-module-scaffolder-entity-model'));
void backend.start();
