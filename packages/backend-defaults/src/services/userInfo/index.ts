// The subpath ./userInfo.
export { userInfoServiceFactory } from './factory';
export { UserInfo } from './UserInfo';
