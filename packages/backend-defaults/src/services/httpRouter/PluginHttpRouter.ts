// The HTTP router of one plugin: its handlers behind its gate, and its auth policies.
import { InputError } from '@backstage/errors';
import type { HttpRouterService, HttpRouterServiceAuthPolicy } from '@greenroom/backend-plugin-api';
import type { Handler } from 'express';
import { runChain } from '../rootHttpRouter/runChain';
import type { PluginGate } from './PluginGate';

/**
 * Collects what a plugin serves.
 *
 * @public
 */
export class PluginHttpRouter implements HttpRouterService {
  readonly #gate: PluginGate;
  readonly #handlers: Handler[] = [];
  readonly #policies: HttpRouterServiceAuthPolicy[] = [];
  #closed = false;

  constructor(gate: PluginGate) {
    this.#gate = gate;
  }

  /** What `addAuthPolicy` was called with, in that order. */
  get authPolicies(): readonly HttpRouterServiceAuthPolicy[] {
    return this.#policies;
  }

  /** Adds a handler, after those added before. */
  use(handler: Handler): void {
    this.#handlers.push(handler);
  }

  /** Keeps a policy for whoever checks credentials. Throws `InputError` for an unknown `allow` or a relative path. */
  addAuthPolicy(policy: HttpRouterServiceAuthPolicy): void {
    if (policy.allow !== 'unauthenticated' && policy.allow !== 'user-cookie') {
      throw new InputError(
        `An auth policy allows 'unauthenticated' or 'user-cookie', not '${String(policy.allow)}'`,
      );
    }
    if (!policy.path.startsWith('/')) {
      throw new InputError(`The path of an auth policy begins with a slash, unlike '${policy.path}'`);
    }
    this.#policies.push({ ...policy });
  }

  /** From now on requests are passed on, to a later router of the same plugin if there is one. */
  close(): void {
    this.#closed = true;
  }

  /** The handler to mount: the gate, then the plugin's handlers. */
  handler(): Handler {
    const gate = this.#gate;
    const handlers = this.#handlers;
    return (req, res, next) => {
      if (this.#closed) {
        next();
      } else if (gate.open) {
        runChain(handlers, req, res, next);
      } else {
        gate.pass(req, res, error => (error ? next(error) : runChain(handlers, req, res, next)));
      }
    };
  }
}
