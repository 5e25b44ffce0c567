// The interface for finding the URLs of plugins.

/** Finds the URL of a plugin, in whichever backend it runs. URLs have no trailing slash. */
export interface DiscoveryService {
  /**
   * Returns the URL for calls between backends, such as `http://10.1.2.3:7007/api/catalog`. Call this before each
   * request, because the URL may change from call to call.
   */
  getBaseUrl(pluginId: string): Promise<string>;
  /** Returns the URL for browsers and external callers, such as `https://example.com/api/catalog`. It is stable. */
  getExternalBaseUrl(pluginId: string): Promise<string>;
}
