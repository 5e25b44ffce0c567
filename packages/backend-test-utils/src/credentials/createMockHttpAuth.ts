// A mock of coreServices.httpAuth: the default service with mock tokens, and credentials for requests without any.
import { DefaultHttpAuthService } from '@greenroom/backend-defaults/httpAuth';
import type { BackstageCredentials, DiscoveryService } from '@greenroom/backend-plugin-api';
import { MockAuthService } from './MockAuthService';
import { mockCredentials } from './mockCredentials';

/** `defaultCredentials` defaults to those of `user:default/mock`. `discovery` only affects the path of cookies. */
export function createMockHttpAuth(options: {
  pluginId: string;
  defaultCredentials?: BackstageCredentials;
  discovery: DiscoveryService;
}): DefaultHttpAuthService {
  const { pluginId, defaultCredentials = mockCredentials.user(), discovery } = options;
  const auth = new MockAuthService({ pluginId, absent: defaultCredentials });
  return DefaultHttpAuthService.create({ auth, discovery, pluginId });
}
