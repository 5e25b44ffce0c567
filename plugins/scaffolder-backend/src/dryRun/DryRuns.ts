// Tries templates out: runs their steps at once, without keeping anything, and without changing anything outside.
import { InputError, toError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import {
  type AuthService,
  type BackstageCredentials,
  resolveSafeChildPath,
} from '@greenroom/backend-plugin-api';
import type { ScaffolderFile, TemplateInfo } from '@greenroom/plugin-scaffolder-node';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { noProgress } from '../database/TaskProgress';
import type { ScaffolderAccess } from '../permissions/ScaffolderAccess';
import { taskCreatePermission, templateDryRunPermission } from '../permissions/scaffolderPermissions';
import { SecretMask } from '../secrets/SecretMask';
import { checkRequest } from '../tasks/checkRequest';
import { runSteps, type StepTools } from '../tasks/runSteps';
import type { TaskEventBody } from '../tasks/Task';
import { catalogTokenOf } from '../tasks/TaskInitiator';
import type { TaskRecord } from '../tasks/TaskRecord';
import { createTaskSpec, type TaskStep } from '../templates/TaskSpec';
import { templateInfoOf, type TemplateSource } from '../templates/TemplateSource';
import type { DryRunRequest } from './readDryRunRequest';
import { readFiles } from './readFiles';

/** What a dry run came to. */
export interface DryRunResult {
  log: Array<{ body: TaskEventBody }>;
  directoryContents: ScaffolderFile[];
  output: JsonObject;
  steps: TaskStep[];
}

/** Longer than somebody would wait for an answer. */
const LONGEST_MS = 5 * 60_000;

/**
 * Actions that do not declare `supportsDryRun` are left out, with an example of their output. In place of the secrets of the
 * configuration there are examples too: the template may be from anybody, and its files go to whoever sent it.
 */
export class DryRuns {
  readonly #tools: StepTools;
  readonly #access: ScaffolderAccess;
  readonly #auth: AuthService;
  readonly #templates: TemplateSource;

  constructor(
    tools: StepTools,
    access: ScaffolderAccess,
    { auth, templates }: { auth: AuthService; templates: TemplateSource },
  ) {
    const { parameters, secrets } = tools.environment;
    const examples = Object.keys(secrets).map(name => [name, `<secret ${name}>`]);
    this.#tools = { ...tools, environment: { parameters, secrets: Object.fromEntries(examples) } };
    this.#access = access;
    this.#auth = auth;
    this.#templates = templates;
  }

  /** Throws `InputError` with the step and what was wrong with it, where one fails. */
  async run(
    request: DryRunRequest,
    credentials: BackstageCredentials,
    signal: AbortSignal,
  ): Promise<DryRunResult> {
    await this.#access.require(templateDryRunPermission, credentials);
    // Policies that are older than the other one know only this, and actions run in any case.
    await this.#access.require(taskCreatePermission, credentials);
    const { spec } = await this.#access.visiblePart(request.template, credentials);
    const values = await checkRequest(spec, request, this.#tools.renderer);

    const folder = await mkdtemp(join(this.#tools.workingDirectory, 'greenroom-dry-run-'));
    try {
      const templateFolder = join(folder, 'template');
      const workspacePath = join(folder, 'workspace');
      await Promise.all([writeFiles(templateFolder, request.directoryContents), mkdir(workspacePath)]);
      const taskSpec = createTaskSpec(spec, {
        parameters: values,
        templateInfo: placeOf(request, templateFolder),
        user: await this.#templates.findUser(credentials, this.#auth),
      });
      const log: DryRunResult['log'] = [];
      const output = await this.#runSteps(request, {
        spec: taskSpec,
        workspacePath,
        log,
        signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]),
        credentials,
      });
      return { log, output, steps: taskSpec.steps, directoryContents: await readFiles(workspacePath) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #runSteps(
    request: DryRunRequest,
    run: {
      spec: ReturnType<typeof createTaskSpec>;
      workspacePath: string;
      log: DryRunResult['log'];
      signal: AbortSignal;
      credentials: BackstageCredentials;
    },
  ): Promise<JsonObject> {
    const backstageToken = await catalogTokenOf(run.credentials, this.#auth);
    const mask = new SecretMask({ ...request.secrets, ...(backstageToken && { backstageToken }) });
    const record: TaskRecord = {
      log: body => void run.log.push({ body: mask.maskValue(body as JsonObject) as TaskEventBody }),
      logSurely: async body => record.log(body),
      finish: async ({ event }) => event && record.log(event),
      keepCheckpoint: async () => {},
    };
    try {
      const output = await runSteps(
        {
          taskId: 'dry-run',
          spec: run.spec,
          secrets: request.secrets,
          backstageToken,
          workspacePath: run.workspacePath,
          progress: noProgress,
          record,
          signal: run.signal,
          isDryRun: true,
          checkAllowed: this.#access.guardOf(await this.#access.actionDecision(run.credentials)),
          getInitiatorCredentials: async () => run.credentials,
        },
        this.#tools,
      );
      return mask.maskValue(output);
    } catch (error) {
      throw new InputError(`The dry run failed: ${mask.maskText(toError(error).message)}`);
    }
  }
}

/** With the files that were sent along; without any, those beside the template are read from its URL. */
function placeOf({ template, directoryContents }: DryRunRequest, folder: string): TemplateInfo {
  const { baseUrl, ...info } = templateInfoOf(template);
  // What the request says of files on this machine is not to be believed.
  const isRemote = directoryContents.length === 0 && baseUrl !== undefined && !baseUrl.startsWith('file:');
  return { ...info, baseUrl: isRemote ? baseUrl : pathToFileURL(join(folder, 'template.yaml')).href };
}

async function writeFiles(folder: string, files: readonly ScaffolderFile[]): Promise<void> {
  await mkdir(folder);
  for (const { path, base64Content } of files) {
    const target = resolveSafeChildPath(folder, path);
    try {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, Buffer.from(base64Content, 'base64'));
    } catch (cause) {
      if (!['EEXIST', 'EISDIR', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code!)) throw cause;
      throw new InputError(`In 'directoryContents', '${path}' can't be a file beside the others`, cause);
    }
  }
}
