// What sources call their own file, for the ES modules that are built of them.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

// A bundler that makes CommonJS of ES modules leaves no URL: there the program stands for all that is in it.
const ownFile = () => (import.meta.url ? fileURLToPath(import.meta.url) : (process.argv[1] ?? process.cwd()));

export const __filename = /* @__PURE__ */ ownFile();
export const __dirname = /* @__PURE__ */ dirname(__filename);
