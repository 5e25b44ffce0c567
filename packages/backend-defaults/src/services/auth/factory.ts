// The default factory of coreServices.auth.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { readAuthSettings } from './config';
import { ExternalAccess } from './externalAccess/ExternalAccess';
import { externalTokenHandlersServiceRef } from './externalAccess/ExternalTokenHandler';
import { KeyTable } from './keys/KeyTable';
import { PluginKeySets } from './keys/PluginKeySets';
import { RotatingKeys } from './keys/RotatingKeys';
import { PluginAuth } from './PluginAuth';
import { pluginTokenHandlerDecoratorServiceRef } from './PluginTokenHandler';
import { PluginTokens } from './PluginTokens';
import { UserTokens } from './UserTokens';

/**
 * Verifies and issues tokens. A plugin that nobody calls, and that calls nobody, opens no database for it.
 *
 * @public
 */
export const authServiceFactory = createServiceFactory({
  service: coreServices.auth,
  deps: {
    config: coreServices.rootConfig,
    database: coreServices.database,
    decorate: pluginTokenHandlerDecoratorServiceRef,
    discovery: coreServices.discovery,
    externalTokenHandlers: externalTokenHandlersServiceRef,
    logger: coreServices.logger,
    plugin: coreServices.pluginMetadata,
  },
  async createRootContext({ config }) {
    const { policyDisabled, staticKeys, externalAccess } = readAuthSettings(config);
    return {
      policyDisabled,
      externalAccess: ExternalAccess.read(externalAccess),
      keySets: new PluginKeySets(),
      // Loaded here, so that an unreadable file fails the start rather than the first request.
      staticKeys: staticKeys && (await (await import('./keys/loadStaticKeys')).loadStaticKeys(staticKeys)),
    };
  },
  factory({ database, decorate, discovery, externalTokenHandlers, logger, plugin }, root) {
    const { policyDisabled, keySets, staticKeys } = root;
    const pluginId = plugin.getId();
    const keys = staticKeys ?? new RotatingKeys(new KeyTable(database), logger);
    return new PluginAuth({
      pluginId,
      policyDisabled,
      keys,
      logger,
      externalAccess: root.externalAccess.withHandlers(externalTokenHandlers),
      pluginTokens: decorate(new PluginTokens({ pluginId, keys, keySets, discovery })),
      userTokens: new UserTokens({ keySets, discovery }),
    });
  },
});
