// The backend with the digest plugin, which could just as well run in the other one.
import { createBackend } from '@greenroom/backend-defaults';
import { environment } from '@internal/environment';

export const backend = createBackend({ env: environment });

backend.add(import('@internal/plugin-digest-backend'));
