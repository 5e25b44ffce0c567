// Finds the plugin that caused an uncaught error: from the error itself, or from the packages in its stack.
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { placesOf } from '@greenroom/backend-plugin-api/internal';
import { readable } from '../errors';

/** The maximum length of a chain of causes: it may be circular. */
const MOST_ERRORS = 5;

/** Plugin ids by folder. Files do not move while a process runs. */
const pluginOfFolder = new Map<string, string | undefined>();

/** The id of the first installed plugin that the error or one of its causes points to. Never throws. */
export function pluginOfError(
  error: unknown,
  isInstalled: (pluginId: string) => boolean,
): string | undefined {
  for (const one of withCauses(error)) {
    const find = () => namedPlugins(one).find(isInstalled) ?? pluginsOfStack(one).find(isInstalled);
    const found = readable(find, undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An error with the causes behind it; empty for anything else. Never throws. */
export function withCauses(thrown: unknown): Error[] {
  const errors: Error[] = [];
  let next = thrown;
  while (next instanceof Error && errors.length < MOST_ERRORS) {
    const error = next;
    errors.push(error);
    // An error may be any object, with properties that throw.
    next = readable(() => error.cause, undefined);
  }
  return errors;
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
