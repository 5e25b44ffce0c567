// Loads the package of a store, which is installed only where that store is used.
import { CacheStoreMissingError } from './cacheErrors';

/** What `load`, an import, gives. Rejects with `CacheStoreMissingError`. */
export async function loadStorePackage<T>(
  store: string,
  packageName: string,
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new CacheStoreMissingError({ store, packageName, cause });
  }
}
