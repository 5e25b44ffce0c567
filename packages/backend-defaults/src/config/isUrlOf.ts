// Recognises the URLs of certain protocols in configuration.

/** Whether `text` is an absolute URL whose protocol, such as `https:`, is one of `protocols`. */
export function isUrlOf(protocols: readonly string[], text: string): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}

/** The protocols of web servers. */
export const webProtocols = ['http:', 'https:'];
