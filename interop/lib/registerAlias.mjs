// Given to `node --import`, makes imports of a program lead to our packages.
import { register } from 'node:module';

register('./aliasHooks.mjs', import.meta.url);
