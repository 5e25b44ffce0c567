// The backend: what runs in it, and nothing else.
import { createBackend } from '@greenroom/backend-defaults';

const backend = createBackend();

backend.add(import('@internal/plugin-notes-backend'));
backend.add(import('@internal/plugin-notes-backend-module-welcome'));

backend.start();
