// Finds the plugin that a request is for.

/** The ID of a known plugin in a URL that begins with `/api/<ID>`. Routes ignore case, so this does as well. */
export function pluginOfUrl(url: string, isKnown: (pluginId: string) => boolean): string | undefined {
  const segment = /^\/api\/([^/?]+)/i.exec(url)?.[1];
  return segment && [segment, segment.toLowerCase()].find(isKnown);
}
