// A backend with a module whose plugin is not installed.
import { createBackend } from '@greenroom/backend-defaults';

const backend = createBackend();
backend.add(import('@greenroom/plugin-catalog-backend-module-logs'));
void backend.start();
