// How tokens of callers from outside are verified by types that others add.
import type { Config } from '@backstage/config';
import { createServiceRef } from '@greenroom/backend-plugin-api';

/**
 * Verifies the tokens of the entries of `backend.auth.externalAccess` that have its type.
 *
 * @public
 */
export interface ExternalTokenHandler<TContext> {
  /** What `type` is in the configuration. */
  type: string;
  /** Called once an entry, with its `options`; gives what `verifyToken` gets. */
  initialize(ctx: { options: Config }): TContext;
  /** Who the caller is; `undefined` for a token that is not one of this entry. */
  verifyToken(token: string, ctx: TContext): Promise<{ subject: string } | undefined>;
}

/**
 * Gives `handler` back, with its context's type inferred.
 *
 * @public
 */
export function createExternalTokenHandler<TContext>(
  handler: ExternalTokenHandler<TContext>,
): ExternalTokenHandler<TContext> {
  return handler;
}

/**
 * Add factories of this service for further types of external access.
 *
 * @public
 */
export const externalTokenHandlersServiceRef = createServiceRef<ExternalTokenHandler<unknown>>({
  id: 'core.auth.externalTokenHandlers',
  scope: 'plugin',
  multiton: true,
});
