// The subpath ./httpAuth.
export { DefaultHttpAuthService, type DefaultHttpAuthServiceOptions } from './DefaultHttpAuthService';
export { httpAuthServiceFactory } from './factory';
