// Runs built-in actions in tests as a task would: with real folders, a real URL reader and the real template language.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import type { JsonObject, JsonValue } from '@backstage/types';
import { UrlReaders } from '@greenroom/backend-defaults/urlReader';
import type { BackstageCredentials, LoggerService } from '@greenroom/backend-plugin-api';
import { ActionRegistry } from '../actions/ActionRegistry';
import { type ActionEnvironment, createBuiltinActions } from '../actions/createBuiltinActions';
import { TemplateRenderer } from '../templates/TemplateRenderer';
import { TemplatingExtensions } from '../templates/TemplatingExtensions';

/** Files by path. `null` creates a folder. */
export type Files = { [path: string]: string | Buffer | null };

export function writeFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (content === null) mkdirSync(join(folder, path), { recursive: true });
    else writeFileSync(join(folder, path), content);
  }
}

/** All files by path, with their text. Does not follow links, like Node itself since version 22. */
export function readFiles(folder: string, below = ''): { [path: string]: string } {
  const entries = readdirSync(join(folder, below), { withFileTypes: true });
  return Object.assign(
    {},
    ...entries.map(entry => {
      const path = join(below, entry.name);
      if (entry.isDirectory()) return readFiles(folder, path);
      return entry.isFile() && { [path]: readFileSync(join(folder, path), 'utf8') };
    }),
  );
}

/** Everything that the actions of a test need. */
export function createActionBench(
  options: { catalog?: ActionEnvironment['catalog']; config?: JsonObject } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'actions-'));
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  const log: string[] = [];
  const write = (message: string) => void log.push(message);
  const logger: LoggerService = { error: write, warn: write, info: write, debug: write, child: () => logger };
  const config = new ConfigReader(options.config ?? {});
  const renderer = new TemplateRenderer(new TemplatingExtensions().addBuiltins(config));
  const urlReader = UrlReaders.default({ config, logger });
  const catalog = options.catalog ?? ({} as ActionEnvironment['catalog']);
  const registry = new ActionRegistry();
  for (const action of createBuiltinActions({ renderer, urlReader, catalog })) registry.register(action);

  return {
    folder,
    workspace,
    log,
    renderer,
    registry,
    /** Returns the outputs. */
    async run(
      id: string,
      input: JsonObject,
      context: { baseUrl?: string; signal?: AbortSignal; isDryRun?: boolean; templateRef?: string } = {},
    ): Promise<{ [name: string]: JsonValue }> {
      const outputs: { [name: string]: JsonValue } = {};
      const { baseUrl, templateRef = 'template:default/test', ...rest } = context;
      await registry.get(id).handler({
        input,
        logger,
        workspacePath: workspace,
        output: (name, value) => void (outputs[name] = value as JsonValue),
        checkpoint: async ({ fn }) => fn(),
        createTemporaryDirectory: async () => mkdtempSync(join(folder, 'temporary-')),
        getInitiatorCredentials: async () => ({ principal: 'tester' }) as unknown as BackstageCredentials,
        task: { id: 'task' },
        templateInfo: { entityRef: templateRef, baseUrl },
        ...rest,
      });
      return outputs;
    },
    close(): void {
      renderer.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
