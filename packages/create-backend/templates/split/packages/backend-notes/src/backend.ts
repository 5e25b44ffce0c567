// The backend with the notes plugin.
import { createBackend } from '@greenroom/backend-defaults';
import { environment } from '@internal/environment';

export const backend = createBackend({ env: environment });

backend.add(import('@internal/plugin-notes-backend'));
backend.add(import('@internal/plugin-notes-backend-module-welcome'));
