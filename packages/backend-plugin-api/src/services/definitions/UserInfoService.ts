// The interface for information about users.
import type { BackstageCredentials } from './AuthService';

/** A user, and the entities through which they own things, such as their groups. */
export interface BackstageUserInfo {
  /** The reference of the user's entity. */
  userEntityRef: string;
  /** References of the entities through which the user owns something. */
  ownershipEntityRefs: string[];
}

/** Looks up users. */
export interface UserInfoService {
  /**
   * Returns information about the user of the credentials.
   *
   * @throws NotAllowedError if they are not those of a user, ServiceUnavailableError if the auth plugin can't be asked.
   */
  getUserInfo(credentials: BackstageCredentials): Promise<BackstageUserInfo>;
}
