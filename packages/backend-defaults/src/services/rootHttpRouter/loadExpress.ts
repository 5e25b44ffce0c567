// Loads express on demand: a backend that only answers probes does not need it, and loading it takes a third of its start.
import type * as Express from 'express';
import { createRequire } from 'node:module';

type ExpressModule = typeof Express & { (): Express.Express };

let loaded: ExpressModule | undefined;

/** The express module, loaded synchronously, because routes are mounted synchronously. */
export function loadExpress(): ExpressModule {
  return (loaded ??= createRequire(__filename)('express') as ExpressModule);
}
