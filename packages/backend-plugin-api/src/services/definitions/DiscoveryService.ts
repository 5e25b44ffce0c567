// The interface for finding the URLs of plugins.

/** Tells where a plugin can be reached, whichever deployment it runs in. URLs have no trailing slash. */
export interface DiscoveryService {
  /**
   * The URL for calls between backends, such as `http://10.1.2.3:7007/api/catalog`. Ask again before each request:
   * the answer may change from call to call.
   */
  getBaseUrl(pluginId: string): Promise<string>;
  /** The URL for browsers and callers from outside, such as `https://example.com/api/catalog`. It is stable. */
  getExternalBaseUrl(pluginId: string): Promise<string>;
}
