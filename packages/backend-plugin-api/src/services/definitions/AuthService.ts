// The interface for tokens and credentials.
import type { PermissionAttributes } from '@backstage/plugin-permission-common';
import type { JsonObject } from '@backstage/types';

/** A user. */
export type BackstageUserPrincipal = {
  type: 'user';
  /** The reference of the user's entity, such as `user:default/jo`. */
  userEntityRef: string;
  /** The service that acts for the user, if any. */
  actor?: BackstageServicePrincipal;
};

/** A caller without credentials. */
export type BackstageNonePrincipal = {
  type: 'none';
};

/** A plugin, or an external caller. */
export type BackstageServicePrincipal = {
  type: 'service';
  /** Describes the caller for people, such as `plugin:catalog`. Do not base decisions on it. */
  subject: string;
  /** The restrictions of the caller. Absent if it has none. */
  accessRestrictions?: BackstagePrincipalAccessRestrictions;
};

/** Restrictions of a caller. They apply only where permissions are checked. */
export type BackstagePrincipalAccessRestrictions = {
  /** Only actions with one of these permissions. Never empty. */
  permissionNames?: string[];
  /** Only actions whose permissions have these attributes. Never empty. */
  permissionAttributes?: {
    /** One of these actions. Never empty. */
    action?: Array<Required<PermissionAttributes>['action']>;
  };
};

/** The identity of a caller. It holds more than its visible fields, so pass the object on unchanged. */
export type BackstageCredentials<TPrincipal = unknown> = {
  $$type: '@backstage/BackstageCredentials';
  /** When the credentials expire, if they do. */
  expiresAt?: Date;
  /** Where the request originates. This need not be the immediate caller: a service may act for a user. */
  principal: TPrincipal;
};

/** The types of principals, by name. */
export type BackstagePrincipalTypes = {
  user: BackstageUserPrincipal;
  service: BackstageServicePrincipal;
  none: BackstageNonePrincipal;
  unknown: unknown;
};

/** Verifies and issues tokens. */
export interface AuthService {
  /**
   * Verifies a token and returns its credentials. `allowLimitedAccess` defaults to `false`.
   *
   * @throws AuthenticationError if the token is invalid or has expired, NotAllowedError if it is limited and
   * `allowLimitedAccess` is not set or if its access does not include this plugin, ServiceUnavailableError if the keys
   * to verify it with can't be fetched.
   */
  authenticate(token: string, options?: { allowLimitedAccess?: boolean }): Promise<BackstageCredentials>;
  /** Whether the principal of the credentials has the given type; every principal is `unknown`. */
  isPrincipal<TType extends keyof BackstagePrincipalTypes>(
    credentials: BackstageCredentials,
    type: TType,
  ): credentials is BackstageCredentials<BackstagePrincipalTypes[TType]>;
  /** Returns the credentials of a caller without credentials. */
  getNoneCredentials(): Promise<BackstageCredentials<BackstageNonePrincipal>>;
  /** Returns the plugin's own credentials. */
  getOwnServiceCredentials(): Promise<BackstageCredentials<BackstageServicePrincipal>>;
  /**
   * Issues a token for calling `targetPluginId`, on behalf of the user of `onBehalfOf`, or of the plugin itself if that
   * is a service. Request a new token for each call, and do not store it.
   *
   * @throws AuthenticationError for credentials of type `none`, unless the default auth policy is disabled: then the
   * token is empty.
   */
  getPluginRequestToken(options: {
    onBehalfOf: BackstageCredentials;
    targetPluginId: string;
  }): Promise<{ token: string }>;
  /**
   * Issues a limited token of a user, for cookies. It only gives access to what allows limited access.
   *
   * @throws AuthenticationError if the credentials have no token of a user, or one without a limited token.
   */
  getLimitedUserToken(
    credentials: BackstageCredentials<BackstageUserPrincipal>,
  ): Promise<{ token: string; expiresAt: Date }>;
  /** Returns the public keys (JWK) of the tokens that the plugin issues, except those that expired long ago. */
  listPublicServiceKeys(): Promise<{ keys: JsonObject[] }>;
}
