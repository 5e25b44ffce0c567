// The interface for tokens and credentials.
import type { PermissionAttributes } from '@backstage/plugin-permission-common';
import type { JsonObject } from '@backstage/types';

/** A user. */
export type BackstageUserPrincipal = {
  type: 'user';
  /** The reference of the user's entity, such as `user:default/jo`. */
  userEntityRef: string;
  /** The service that acts for the user, where one does. */
  actor?: BackstageServicePrincipal;
};

/** Nobody: the caller showed no credentials. */
export type BackstageNonePrincipal = {
  type: 'none';
};

/** A plugin, or an external caller. */
export type BackstageServicePrincipal = {
  type: 'service';
  /** Describes the caller for a reader, such as `plugin:catalog`. Never decide anything by it. */
  subject: string;
  /** What the caller is limited to; absent for a caller without limits. */
  accessRestrictions?: BackstagePrincipalAccessRestrictions;
};

/** What a caller is limited to. It applies where permissions are checked, and to nothing else. */
export type BackstagePrincipalAccessRestrictions = {
  /** Only actions with one of these permissions. Absent, or not empty. */
  permissionNames?: string[];
  /** Only actions whose permissions have these attributes. Absent, or not empty. */
  permissionAttributes?: {
    /** Any of these. Absent, or not empty. */
    action?: Array<Required<PermissionAttributes>['action']>;
  };
};

/** Who makes a request. It holds more than it shows, so pass it on as it is. */
export type BackstageCredentials<TPrincipal = unknown> = {
  $$type: '@backstage/BackstageCredentials';
  /** When the credentials end, where they do. */
  expiresAt?: Date;
  /** Where the request originates; not always the immediate caller, as with a service that acts for a user. */
  principal: TPrincipal;
};

/** The principals by their type. */
export type BackstagePrincipalTypes = {
  user: BackstageUserPrincipal;
  service: BackstageServicePrincipal;
  none: BackstageNonePrincipal;
  unknown: unknown;
};

/** Verifies and issues tokens. */
export interface AuthService {
  /**
   * The credentials that a token stands for.
   *
   * @throws AuthenticationError for a token that is invalid or expired, NotAllowedError for a limited one unless
   * `allowLimitedAccess` is set; it defaults to `false`.
   */
  authenticate(token: string, options?: { allowLimitedAccess?: boolean }): Promise<BackstageCredentials>;
  /** Whether the credentials are of a type of principal. */
  isPrincipal<TType extends keyof BackstagePrincipalTypes>(
    credentials: BackstageCredentials,
    type: TType,
  ): credentials is BackstageCredentials<BackstagePrincipalTypes[TType]>;
  /** The credentials of a caller that shows none. */
  getNoneCredentials(): Promise<BackstageCredentials<BackstageNonePrincipal>>;
  /** The credentials of the plugin itself. */
  getOwnServiceCredentials(): Promise<BackstageCredentials<BackstageServicePrincipal>>;
  /**
   * A token for calling `targetPluginId`, for the plugin itself or for the user behind `onBehalfOf`. Ask for one before
   * each request and keep none.
   */
  getPluginRequestToken(options: {
    onBehalfOf: BackstageCredentials;
    targetPluginId: string;
  }): Promise<{ token: string }>;
  /** A token of a user that opens only what allows limited access, for cookies. */
  getLimitedUserToken(
    credentials: BackstageCredentials<BackstageUserPrincipal>,
  ): Promise<{ token: string; expiresAt: Date }>;
  /** The public keys (JWK) of the tokens that the plugin issues, without those that are long expired. */
  listPublicServiceKeys(): Promise<{ keys: JsonObject[] }>;
}
