// Makes a test backend listen on a free port of the loopback interface, whatever address is configured.
import { ConfigReader } from '@backstage/config';
import type { RootConfigService } from '@greenroom/backend-plugin-api';

const address = { backend: { listen: { host: '127.0.0.1', port: 0 } } };

/** A snapshot of the configuration with a different address to listen on. */
export function onFreePort(config: RootConfigService): RootConfigService {
  return ConfigReader.fromConfigs([
    { context: 'the configuration of the test', data: config.getOptional() ?? {} },
    { context: 'the test backend', data: address },
  ]);
}
