// All cases, and one with everything in a single backend.
import { auth } from './auth.mjs';
import { catalog } from './catalog.mjs';
import { events } from './events.mjs';
import { permission } from './permission.mjs';
import { proxy } from './proxy.mjs';
import { scaffolder } from './scaffolder.mjs';
import { search } from './search.mjs';
import { signals } from './signals.mjs';

const alone = [catalog, scaffolder, auth, permission, events, search, proxy, signals];

/** All plugins in one backend. */
export const everything = {
  id: 'everything',
  features: [...new Set(alone.flatMap(({ features }) => features))],
  asked: 'all of the above, in one backend',
  config: given => Object.assign({}, ...alone.map(({ config }) => config(given))),
  async ask(backend) {
    for (const { ask } of alone) await ask(backend);
  },
  /** For databases that already contain the entities, in which case the broken one is not necessarily logged again. */
  async askAgain(backend) {
    for (const { ask, askAgain = ask } of alone) await askAgain(backend);
  },
};

/** In the order of the table. */
export const cases = [...alone, everything];
