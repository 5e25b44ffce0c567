// How the tokens that plugins show to each other are made and verified, for others to change.
import { createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';

/**
 * Issues and verifies the tokens of requests between plugins.
 *
 * @public
 */
export interface PluginTokenHandler {
  /** Who the caller is; `undefined` for a token of another kind. Rejects for one of this kind that is not valid. */
  verifyToken(token: string): Promise<{ subject: string; limitedUserToken?: string } | undefined>;
  /** A token with which `pluginId` calls `targetPluginId`, for a user or for itself. */
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
