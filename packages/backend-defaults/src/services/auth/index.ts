// The subpath ./auth.
export type { ExternalAccessEntry } from './config';
export { ExternalAccess } from './externalAccess/ExternalAccess';
export type { ExternalCaller } from './externalAccess/ExternalCaller';
export {
  createExternalTokenHandler,
  externalTokenHandlersServiceRef,
  type ExternalTokenHandler,
} from './externalAccess/ExternalTokenHandler';
export { authServiceFactory } from './factory';
export { PluginKeySets } from './keys/PluginKeySets';
export type { PluginKeySource, PublicKey, SigningKey } from './keys/PluginKeySource';
export { KeyTable } from './keys/KeyTable';
export { RotatingKeys } from './keys/RotatingKeys';
export { PluginAuth, type PluginAuthOptions } from './PluginAuth';
export { pluginTokenHandlerDecoratorServiceRef, type PluginTokenHandler } from './PluginTokenHandler';
export { PluginTokens, type PluginTokensOptions } from './PluginTokens';
export { UserTokens, type VerifiedUser } from './UserTokens';
