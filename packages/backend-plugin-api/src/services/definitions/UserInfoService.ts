// The interface for information about users.
import type { BackstageCredentials } from './AuthService';

/** A user, and what they own by themselves and by their groups. */
export interface BackstageUserInfo {
  /** The reference of the user's entity. */
  userEntityRef: string;
  /** The references of the entities through which the user owns something. */
  ownershipEntityRefs: string[];
}

/** Looks up users. */
export interface UserInfoService {
  /** What is known about the user behind the credentials, which must be those of a user. */
  getUserInfo(credentials: BackstageCredentials): Promise<BackstageUserInfo>;
}
