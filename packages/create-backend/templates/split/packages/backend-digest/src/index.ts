// The backend of the digest. Its plugin would run in the other one just as well.
import { createBackend } from '@greenroom/backend-defaults';
import { environment } from '@internal/environment';

const backend = createBackend({ env: environment });

backend.add(import('@internal/plugin-digest-backend'));

backend.start();
