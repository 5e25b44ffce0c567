// The default factory of coreServices.userInfo.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { UserInfo } from './UserInfo';

/**
 * Provides information about users.
 *
 * @public
 */
export const userInfoServiceFactory = createServiceFactory({
  service: coreServices.userInfo,
  deps: { discovery: coreServices.discovery },
  factory: ({ discovery }) => new UserInfo({ discovery }),
});
