// Reads the configuration key `catalog.providers.directory`.
import { resolve } from 'node:path';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** A folder whose files are entities. */
export interface WatchedDirectory {
  /** By which what it provides is known; stable over time. */
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  /** Which files count, by their name. */
  readonly filename: RegExp;
}

const DEFAULT_FILENAME = /^catalog-info\.ya?ml$/;

/** Relative paths start at `directory`. */
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
