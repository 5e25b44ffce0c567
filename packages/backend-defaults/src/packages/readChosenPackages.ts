// Reads which packages a backend takes its features from.
import type { Config } from '@backstage/config';

/** Names of packages. Without `include`, all that the backend's package depends on. */
export interface ChosenPackages {
  include: string[] | undefined;
  exclude: string[];
}

/** From `backend.packages`; undefined if it is not set. */
export function readChosenPackages(config: Config): ChosenPackages | undefined {
  if (config.getOptional('backend.packages') === 'all') return { include: undefined, exclude: [] };
  const chosen = config.getOptionalConfig('backend.packages');
  return (
    chosen && {
      include: chosen.getOptionalStringArray('include'),
      exclude: chosen.getOptionalStringArray('exclude') ?? [],
    }
  );
}
