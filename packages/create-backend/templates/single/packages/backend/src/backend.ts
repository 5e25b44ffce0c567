// The backend: lists the plugins and modules that run in it, and nothing else.
import { createBackend } from '@greenroom/backend-defaults';

export const backend = createBackend();

backend.add(import('@internal/plugin-notes-backend'));
backend.add(import('@internal/plugin-notes-backend-module-welcome'));
