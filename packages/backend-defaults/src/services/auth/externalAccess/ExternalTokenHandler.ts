// The interface for adding further types of external access.
import type { Config } from '@backstage/config';
import { createServiceRef } from '@greenroom/backend-plugin-api';

/**
 * Verifies tokens for the entries of `backend.auth.externalAccess` that have its type.
 *
 * @public
 */
export interface ExternalTokenHandler<TContext> {
  /** The value of `type` in the configuration. */
  type: string;
  /** Called once per entry, with its `options`. The result is passed to `verifyToken`. */
  initialize(ctx: { options: Config }): TContext;
  /** Returns the caller, or `undefined` if the token does not belong to this entry. */
  verifyToken(token: string, ctx: TContext): Promise<{ subject: string } | undefined>;
}

/**
 * Returns `handler` unchanged, with the type of its context inferred.
 *
 * @public
 */
export function createExternalTokenHandler<TContext>(
  handler: ExternalTokenHandler<TContext>,
): ExternalTokenHandler<TContext> {
  return handler;
}

/**
 * Add factories of this service to support further types of external access.
 *
 * @public
 */
export const externalTokenHandlersServiceRef = createServiceRef<ExternalTokenHandler<unknown>>({
  id: 'core.auth.externalTokenHandlers',
  scope: 'plugin',
  multiton: true,
});
