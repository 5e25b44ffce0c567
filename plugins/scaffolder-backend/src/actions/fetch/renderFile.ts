// Renders a single template file into the workspace.
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import { type LoggerService, resolveSafeChildPath } from '@greenroom/backend-plugin-api';
import type { TextOptions } from '../../templates/interpreter/RenderRequest';
import type { TemplateRenderer } from '../../templates/TemplateRenderer';
import { writeRendered } from './writeRendered';
import { readText } from './readText';

/** The rendering options that an action accepts. */
export type RenderInput = TextOptions & { values?: JsonObject; replace?: boolean };

/** What to render, and where to. */
export interface FileToRender {
  /** Used in messages. */
  readonly name: string;
  /** Puts the template on disk. Not called if there is nothing to do. */
  path(): Promise<string>;
  /** Relative to the workspace. */
  readonly targetPath: string;
}

/** Leaves an existing file alone unless `replace` is set. */
export async function renderFile(
  { name, path, targetPath }: FileToRender,
  { values = {}, replace, ...options }: RenderInput,
  at: {
    renderer: TemplateRenderer;
    ctx: { workspacePath: string; logger: LoggerService; signal?: AbortSignal };
  },
): Promise<void> {
  const { workspacePath, logger, signal } = at.ctx;
  const target = resolveSafeChildPath(workspacePath, targetPath);
  if (!replace && (await stat(target).catch(() => undefined))) {
    logger.info(`Kept '${targetPath}', which is there already`);
    return;
  }
  const source = await path();
  const text = await readText(source);
  if (text === undefined) throw new InputError(`${name} is not text in UTF-8, so it can't be a template.`);
  const context = { [options.cookiecutterCompat ? 'cookiecutter' : 'values']: values };
  const [rendered] = await at.renderer.renderTexts([{ name: `'${name}'`, text }], context, options);
  await mkdir(dirname(target), { recursive: true });
  await writeRendered(target, rendered!, { source, mayExist: replace, signal });
}
