// For `node --import`: makes the imports of a program resolve to our packages.
import { register } from 'node:module';

register('./aliasHooks.mjs', import.meta.url);
