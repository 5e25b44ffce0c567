// The options that keep npm to the temporary registry and to a cache of this run.

/** Options, because `npm run` sets the user's cache in the environment, which outranks an `.npmrc`. */
export function npmOptions({ registry, cache }) {
  return ['--registry', registry, '--cache', cache, '--no-audit', '--no-fund'];
}
