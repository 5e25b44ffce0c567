// Reads `catalog.providers.directory` from the configuration.
import { resolve } from 'node:path';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** A folder with entity files. */
export interface WatchedDirectory {
  /** Identifies the provider of the folder, and must not change. */
  readonly id: string;
  /** An absolute path. */
  readonly path: string;
  /** Matches the names of entity files. */
  readonly filename: RegExp;
}

const DEFAULT_FILENAME = /^catalog-info\.ya?ml$/;

/** Resolves relative paths against `directory`. */
export function readDirectories(config: Config, directory: string): WatchedDirectory[] {
  const providers = config.getOptionalConfig('catalog.providers.directory');
  return (providers?.keys() ?? []).map(id => {
    const own = providers!.getConfig(id);
    const filename = own.getOptionalString('filename');
    return {
      id,
      path: resolve(directory, own.getString('path')),
      filename: filename === undefined ? DEFAULT_FILENAME : toPattern(id, filename),
    };
  });
}

function toPattern(id: string, filename: string): RegExp {
  try {
    return new RegExp(`^(?:${filename})$`);
  } catch (cause) {
    throw new InputError(
      `catalog.providers.directory.${id}.filename is not a regular expression: ${filename}`,
      cause,
    );
  }
}
