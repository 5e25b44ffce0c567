// Puts a test backend on a free port of the loopback interface, whatever address its configuration names.
import { ConfigReader } from '@backstage/config';
import type { RootConfigService } from '@greenroom/backend-plugin-api';

const address = { backend: { listen: { host: '127.0.0.1', port: 0 } } };

/** The configuration as it is now, with another address to listen on. */
export function onFreePort(config: RootConfigService): RootConfigService {
  return ConfigReader.fromConfigs([
    { context: 'the configuration of the test', data: config.getOptional() ?? {} },
    { context: 'the test backend', data: address },
  ]);
}
