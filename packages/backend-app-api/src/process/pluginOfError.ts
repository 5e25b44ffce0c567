// Finds the plugin that caused an uncaught error: from the error itself, or from the packages in its stack.
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { placesOf } from '@greenroom/backend-plugin-api/internal';

/** The maximum number of causes to follow: a chain may be circular. */
const MOST_CAUSES = 5;

/** Plugin ids by folder. Files do not move while a process runs. */
const pluginOfFolder = new Map<string, string | undefined>();

/** The id of the first installed plugin that the error or one of its causes points to. Never throws. */
export function pluginOfError(
  error: unknown,
  isInstalled: (pluginId: string) => boolean,
): string | undefined {
  let current = error;
  try {
    for (let left = MOST_CAUSES; current instanceof Error && left > 0; left--) {
      const found = namedPlugins(current).find(isInstalled) ?? pluginsOfStack(current).find(isInstalled);
      if (found !== undefined) return found;
      current = current.cause;
    }
  } catch {
    // An error may be any object, with properties that throw.
  }
  return undefined;
}

/** The plugins that an error with a stable code names, in its subject or its path. */
function namedPlugins(error: Error): string[] {
  const { code, fields, path } = error as { code?: unknown; fields?: { subject?: unknown }; path?: unknown };
  if (typeof code !== 'string' || !code.startsWith('GR_')) return [];
  const texts = [fields?.subject, ...(Array.isArray(path) ? path : [])].map(String);
  return texts.flatMap(text => text.match(/plugin '([^']+)'/)?.[1] ?? []);
}

/** The plugins whose packages appear in the stack, innermost first. */
function pluginsOfStack({ stack }: Error): string[] {
  return placesOf(String(stack)).flatMap(place => {
    const path = place.replace(/:\d+:\d+$/, '');
    const file = path.startsWith('file://') ? fileURLToPath(path) : path;
    return isAbsolute(file) ? (pluginOfPackageAt(dirname(file)) ?? []) : [];
  });
}

/** The plugin of the nearest package upwards. Reads files synchronously, because the process may be about to end. */
function pluginOfPackageAt(folder: string): string | undefined {
  if (pluginOfFolder.has(folder)) return pluginOfFolder.get(folder);
  const manifest = readManifest(folder);
  const parent = dirname(folder);
  // A manifest without a name only sets how files below it are loaded.
  const isPackage = manifest?.name !== undefined || parent === folder;
  const pluginId = isPackage ? pluginOfManifest(manifest) : pluginOfPackageAt(parent);
  pluginOfFolder.set(folder, pluginId);
  return pluginId;
}

type Owner = { readonly pluginId?: unknown };
type Manifest = { readonly name?: unknown; readonly greenroom?: Owner; readonly backstage?: Owner };

function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}

function pluginOfManifest(manifest: Manifest | undefined): string | undefined {
  const declared = manifest?.greenroom?.pluginId ?? manifest?.backstage?.pluginId;
  if (typeof declared === 'string') return declared;
  // The naming convention of the ecosystem, with or without a scope.
  const named = /(?:^|[/-])plugin-(.+?)-(?:backend-module-.+|backend|node)$/.exec(String(manifest?.name));
  return named?.[1];
}
