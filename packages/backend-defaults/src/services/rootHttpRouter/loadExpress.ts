// Loads express when something needs it: a backend that only answers probes has no use for it, and a third of its start would go there.
import type * as Express from 'express';
import { createRequire } from 'node:module';

type ExpressModule = typeof Express & { (): Express.Express };

let loaded: ExpressModule | undefined;

/** The express module. In one call, because routes are mounted in one. */
export function loadExpress(): ExpressModule {
  return (loaded ??= createRequire(__filename)('express') as ExpressModule);
}
