// The built-in placeholders: $text, $json and $yaml.
import type { JsonValue } from '@backstage/types';
import type { PlaceholderResolver, PlaceholderResolverParams } from '@greenroom/plugin-catalog-node';
import { decodeText } from '../ingestion/readBytes';
import { parseDocuments } from '../ingestion/parseDocuments';

/** By name, without the `$`. */
export const builtInPlaceholders: ReadonlyArray<[string, PlaceholderResolver]> = [
  ['text', readText],
  ['json', async params => JSON.parse(await readText(params)) as JsonValue],
  ['yaml', async params => parseOne(await readText(params))],
];

async function readText({ value, baseUrl, read, resolveUrl }: PlaceholderResolverParams): Promise<string> {
  if (typeof value !== 'string') throw new TypeError('its value must be a path or a URL');
  const decoded = decodeText(await read(resolveUrl(value, baseUrl)));
  if ('reason' in decoded) throw new Error(decoded.reason);
  return decoded.text;
}

function parseOne(text: string): JsonValue {
  const [document, second] = parseDocuments(text);
  if (second) throw new Error('the file has several documents');
  if (!document) return null;
  if (document.reason !== undefined) throw new Error(`line ${document.line}: ${document.reason}`);
  return document.value as JsonValue;
}
