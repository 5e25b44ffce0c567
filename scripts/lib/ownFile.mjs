// Defines `__filename` and `__dirname` for ES modules, in which the build injects them.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

// If a bundler converts ES modules to CommonJS, there is no URL, and the main program stands for all modules bundled into it.
const ownFile = () => (import.meta.url ? fileURLToPath(import.meta.url) : (process.argv[1] ?? process.cwd()));

export const __filename = /* @__PURE__ */ ownFile();
export const __dirname = /* @__PURE__ */ dirname(__filename);
