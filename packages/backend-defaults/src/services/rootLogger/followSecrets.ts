// Follows the secrets of the configuration.
import type { RootConfigService } from '@greenroom/backend-plugin-api';

/** Calls `add` with the secrets of the configuration, now and after each change. */
export function followSecrets(config: RootConfigService, add: (secrets: Iterable<string>) => void): void {
  const tell = () => {
    // Only the default configuration is known to have them, but any other may offer the same property.
    const { secrets } = config as { secrets?: Iterable<string> };
    if (secrets && Symbol.iterator in Object(secrets)) add(secrets);
  };
  tell();
  config.subscribe?.(tell);
}
