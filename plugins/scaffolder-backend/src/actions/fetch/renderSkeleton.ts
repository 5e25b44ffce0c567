// Makes files of a skeleton: names and contents are templates.
import { copyFile, lstat, mkdir, readFile, readlink, rm, symlink } from 'node:fs/promises';
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

/** How a skeleton is made into files. */
export interface SkeletonOptions extends TextOptions {
  readonly values: JsonObject;
  /** Globs of files whose contents are left as they are. */
  readonly copyWithoutTemplating?: readonly string[];
  /** Globs of files whose contents and names are left as they are. */
  readonly copyWithoutRender?: readonly string[];
  /** Only files of this extension have templates in them, and they lose it. */
  readonly templateFileExtension?: string;
  /** Whether files that are there already are overwritten. */
  readonly replace?: boolean;
}

/** How much text is sent to be rendered at once. */
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

  let batch: Array<{ file: ListedFile; to: string; text: string }> = [];
  let size = 0;
  for (const [index, file] of files.entries()) {
    signal?.throwIfAborted();
    const isTemplate = extension === undefined || (file.kind !== 'folder' && file.path.endsWith(extension));
    const name = keepAll.has(file.path)
      ? file.path
      : withoutExtension(names[index]!, isTemplate ? extension : undefined);
    // A name that a condition has made empty: the file is not wanted.
    if (name.split('/').some(part => part.trim() === '')) continue;
    const to = resolveSafeChildPath(target, name);
    if (file.kind === 'folder') {
      await mkdir(to, { recursive: true });
    } else if (!options.replace && (await lstat(to).catch(() => undefined))) {
      logger.info(`Kept '${relative(target, to)}', which is there already`);
    } else if (file.kind === 'link') {
      await makeLink(file, to, target);
    } else {
      await mkdir(dirname(to), { recursive: true });
      const text =
        !isTemplate || keepContent.has(file.path) || keepAll.has(file.path)
          ? undefined
          : await readText(file);
      if (text === undefined) {
        await copyFile(file.absolutePath, to);
        continue;
      }
      batch.push({ file, to, text });
      size += text.length;
      if (size >= batchSize) await flush();
    }
  }
  await flush();

  async function flush(): Promise<void> {
    const full = batch;
    batch = [];
    size = 0;
    const texts = await renderer.renderTexts(
      full.map(({ file, text }) => ({ name: `'${file.path}'`, text })),
      context,
      options,
    );
    for (const [index, { file, to }] of full.entries()) {
      signal?.throwIfAborted();
      await writeRendered(to, texts[index]!, { source: file.absolutePath, mayExist: options.replace });
    }
  }
}

/** The name of a folder stands for all that is in it. */
function withContents(globs: readonly string[] = []): string[] {
  return globs.flatMap(glob => [glob, `${glob.replace(/\/$/, '')}/**`]);
}

function withoutExtension(name: string, extension: string | undefined): string {
  return extension !== undefined && name.endsWith(extension) ? name.slice(0, -extension.length) : name;
}

/** `undefined` for a file that is no text. */
export async function readText(file: { absolutePath: string }): Promise<string | undefined> {
  const content = await readFile(file.absolutePath);
  if (content.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

async function makeLink(file: ListedFile, to: string, target: string): Promise<void> {
  const destination = await readlink(file.absolutePath);
  if (!linkStaysInside(target, to, destination)) {
    throw new InputError(`The link '${file.path}' leads out of the skeleton. Remove it there.`);
  }
  await mkdir(dirname(to), { recursive: true });
  // Unlike a file, a link is not written over another one.
  await rm(to, { force: true });
  await symlink(destination, to);
}
