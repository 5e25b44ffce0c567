// Tries templates out: runs their steps at once, without keeping anything, and without changing anything outside.
import { InputError, toError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import {
  type AuthService,
  type BackstageCredentials,
  resolveSafeChildPath,
} from '@greenroom/backend-plugin-api';
import type { ScaffolderFile, ScaffolderService, TemplateInfo } from '@greenroom/plugin-scaffolder-node';
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
import { withoutKeeping } from '../tasks/TaskRecord';
import { createTaskSpec } from '../templates/TaskSpec';
import { templateInfoOf, type TemplateSource } from '../templates/TemplateSource';
import type { DryRunRequest } from './readDryRunRequest';
import { readFiles } from './readFiles';

/** What a dry run came to. */
type DryRunResult = Awaited<ReturnType<ScaffolderService['dryRun']>>;

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
    const timeout = new AbortController();
    // `AbortSignal.timeout` is forgotten in `AbortSignal.any` when Node 20 clears up memory.
    const timer = setTimeout(() => timeout.abort(new Error('It takes too long')), LONGEST_MS);
    try {
      const templateFolder = join(folder, 'template');
      const workspacePath = join(folder, 'workspace');
      await Promise.all([writeFiles(templateFolder, request.directoryContents), mkdir(workspacePath)]);
      const taskSpec = createTaskSpec(spec, {
        parameters: values,
        templateInfo: placeOf(request, templateFolder),
        user: await this.#templates.findUser(credentials, this.#auth),
      });
      const backstageToken = await catalogTokenOf(credentials, this.#auth);
      const mask = new SecretMask([...Object.values(request.secrets), backstageToken]);
      const log: DryRunResult['log'] = [];
      const add = (body: TaskEventBody) => void log.push({ body: mask.maskValue(body) });
      let output: JsonObject;
      try {
        output = await runSteps({
          ...this.#tools,
          taskId: 'dry-run',
          spec: taskSpec,
          secrets: request.secrets,
          backstageToken,
          workspacePath,
          progress: noProgress,
          record: withoutKeeping({ log: add, logSurely: async body => add(body) }),
          signal: AbortSignal.any([signal, timeout.signal]),
          isDryRun: true,
          checkAllowed: this.#access.guardOf(await this.#access.actionDecision(credentials)),
          getInitiatorCredentials: async () => credentials,
        });
      } catch (error) {
        throw new InputError(`The dry run failed: ${mask.maskText(toError(error).message)}`);
      }
      const directoryContents = await readFiles(workspacePath);
      return { log, output: mask.maskValue(output), steps: taskSpec.steps, directoryContents };
    } finally {
      clearTimeout(timer);
      await rm(folder, { recursive: true, force: true });
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
