// The example backend: every sample plugin in one process.
import { createBackend } from '@greenroom/backend-defaults';
import { enterPackageFolder } from './enterPackageFolder';

enterPackageFolder();

const backend = createBackend();
backend.add(import('@greenroom/plugin-catalog-backend'));
backend.add(import('@greenroom/plugin-catalog-backend-module-logs'));
void backend.start();
