// The interface for issuing and verifying tokens between plugins, and the service that replaces the default.
import { createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';

/**
 * Issues and verifies the tokens that plugins use to call each other.
 *
 * @public
 */
export interface PluginTokenHandler {
  /** Returns the caller, or `undefined` for a token of another kind. Rejects if a token of this kind is invalid. */
  verifyToken(token: string): Promise<{ subject: string; limitedUserToken?: string } | undefined>;
  /** Issues a token for `pluginId` to call `targetPluginId`, on its own behalf or a user's. */
  issueToken(options: {
    pluginId: string;
    targetPluginId: string;
    onBehalfOf?: { limitedUserToken: string; expiresAt: Date };
  }): Promise<{ token: string }>;
}

/**
 * Provide this service to wrap or replace the default {@link PluginTokenHandler}.
 *
 * @public
 */
export const pluginTokenHandlerDecoratorServiceRef = createServiceRef<
  (defaultImplementation: PluginTokenHandler) => PluginTokenHandler
>({
  id: 'core.auth.pluginTokenHandlerDecorator',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {},
      factory: () => defaultImplementation => defaultImplementation,
    }),
});
