// Runs the action publish:git in a test, as a task does.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import type { JsonObject, JsonValue } from '@backstage/types';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { createPublishGitAction } from '../createPublishGitAction';
import { readGitSettings } from '../readGitSettings';

/** `folder` is for what the action makes for itself. */
export async function runPublishGit(
  input: JsonObject,
  options: {
    config: JsonObject;
    folder: string;
    workspacePath: string;
    isDryRun?: boolean;
    signal?: AbortSignal;
  },
) {
  const { config, folder, ...given } = options;
  const outputs: { [name: string]: JsonValue | undefined } = {};
  const log: string[] = [];
  const write = (message: string) => void log.push(message);
  const logger: LoggerService = { error: write, warn: write, info: write, debug: write, child: () => logger };
  const action = createPublishGitAction(readGitSettings(new ConfigReader(config)));
  await action.handler({
    input: input as never,
    logger,
    output: (name, value) => void (outputs[name] = value),
    checkpoint: async ({ fn }) => fn(),
    createTemporaryDirectory: async () => mkdtempSync(join(folder, 'temporary-')),
    getInitiatorCredentials: () => Promise.reject(new Error('not needed')),
    task: { id: 'task' },
    ...given,
  });
  return { outputs, log };
}
