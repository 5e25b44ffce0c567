// Renders a skeleton: a folder in which file names and contents are templates.
import { copyFile, lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { InputError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import { type LoggerService, resolveSafeChildPath } from '@greenroom/backend-plugin-api';
import type { TextOptions } from '../../templates/interpreter/RenderRequest';
import type { TemplateRenderer } from '../../templates/TemplateRenderer';
import { writeRendered } from './writeRendered';
import { linkStaysInside } from './linkStaysInside';
import { matchGlobs } from './matchGlobs';
import { listFiles, type ListedFile } from './listFiles';
import { readText } from './readText';

/** How to render a skeleton. */
export interface SkeletonOptions extends TextOptions {
  readonly values: JsonObject;
  /** Globs of files whose contents are copied unchanged. */
  readonly copyWithoutTemplating?: readonly string[];
  /** Globs of files whose contents and names are copied unchanged. */
  readonly copyWithoutRender?: readonly string[];
  /** Only files with this extension are templates. The extension is removed from the result. */
  readonly templateFileExtension?: string;
  /** Whether to overwrite existing files. */
  readonly replace?: boolean;
}

/** The number of characters after which a batch is rendered. */
const batchSize = 1_000_000;

/** Renders all files below `skeleton` into `target`. */
export async function renderSkeleton(
  { skeleton, target }: { skeleton: string; target: string },
  options: SkeletonOptions,
  { renderer, logger, signal }: { renderer: TemplateRenderer; logger: LoggerService; signal?: AbortSignal },
): Promise<void> {
  const context = { [options.cookiecutterCompat ? 'cookiecutter' : 'values']: options.values };
  const extension = options.templateFileExtension;

  const files = await listFiles(skeleton, signal);
  const paths = files.map(({ path }) => path);
  const keepContent = matchGlobs(withContents(options.copyWithoutTemplating), paths);
  const keepAll = matchGlobs(withContents(options.copyWithoutRender), paths);
  const names = await renderer.renderTexts(
    files.map(({ path }) => ({ name: `the name of '${path}'`, text: keepAll.has(path) ? '' : path })),
    context,
    options,
  );

  /** By the path where it goes. */
  let batch = new Map<string, { file: ListedFile; text: string }>();
  let size = 0;
  for (const [index, file] of files.entries()) {
    signal?.throwIfAborted();
    const name = keepAll.has(file.path)
      ? file.path
      : withoutExtension(names[index]!, isTemplate(file) ? extension : undefined);
    // An empty name is the result of a condition: the file is not wanted.
    if (name.split('/').some(part => part.trim() === '')) continue;
    const to = resolveSafeChildPath(target, name);
    // Two files may be given one name. What happens to the second must not depend on what else is in the batch.
    if (batch.has(to)) await flush();
    if (file.kind === 'folder') await mkdir(to, { recursive: true });
    else if (options.replace || !(await lstat(to).catch(() => undefined))) await place(file, to);
    else logger.info(`Kept '${relative(target, to)}', which is there already`);
  }
  await flush();

  function isTemplate({ kind, path }: ListedFile): boolean {
    return extension === undefined || (kind !== 'folder' && path.endsWith(extension));
  }

  async function place(file: ListedFile, to: string): Promise<void> {
    if (file.kind === 'link') return makeLink(file, to, target);
    await mkdir(dirname(to), { recursive: true });
    const isRendered = isTemplate(file) && !keepContent.has(file.path) && !keepAll.has(file.path);
    const text = isRendered ? await readText(file.absolutePath) : undefined;
    if (text === undefined) return copyFile(file.absolutePath, to);
    batch.set(to, { file, text });
    size += text.length;
    if (size >= batchSize) await flush();
  }

  async function flush(): Promise<void> {
    const full = [...batch];
    batch = new Map();
    size = 0;
    const texts = await renderer.renderTexts(
      full.map(([, { file, text }]) => ({ name: `'${file.path}'`, text })),
      context,
      options,
    );
    for (const [index, [to, { file }]] of full.entries()) {
      signal?.throwIfAborted();
      await writeRendered(to, texts[index]!, { source: file.absolutePath, mayExist: options.replace });
    }
  }
}

/** The name of a folder matches everything in it. */
function withContents(globs: readonly string[] = []): string[] {
  return globs.flatMap(glob => [glob, `${glob.replace(/\/$/, '')}/**`]);
}

function withoutExtension(name: string, extension: string | undefined): string {
  return extension !== undefined && name.endsWith(extension) ? name.slice(0, -extension.length) : name;
}

async function makeLink(file: ListedFile, to: string, target: string): Promise<void> {
  const destination = await readlink(file.absolutePath);
  if (!linkStaysInside(target, to, destination)) {
    throw new InputError(`The link '${file.path}' leads out of the skeleton. Remove it there.`);
  }
  await mkdir(dirname(to), { recursive: true });
  // Unlike a file, a link can't overwrite an existing one.
  await rm(to, { force: true });
  await symlink(destination, to);
}
