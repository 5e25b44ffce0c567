// Dry runs of templates: their steps run immediately, without storing anything or changing anything outside.
import { InputError, toError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import {
  type AuthService,
  type BackstageCredentials,
  resolveSafeChildPath,
} from '@greenroom/backend-plugin-api';
import type { ScaffolderFile, ScaffolderService, TemplateInfo } from '@greenroom/plugin-scaffolder-node';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { noProgress } from '../database/TaskProgress';
import type { ScaffolderAccess } from '../permissions/ScaffolderAccess';
import { taskCreatePermission, templateDryRunPermission } from '../permissions/scaffolderPermissions';
import { SecretMask } from '../secrets/SecretMask';
import { checkRequest } from '../tasks/checkRequest';
import { runSteps, type StepTools } from '../tasks/runSteps';
import { catalogTokenOf } from '../tasks/TaskInitiator';
import { withoutKeeping } from '../tasks/TaskRecord';
import { createTaskSpec } from '../templates/TaskSpec';
import { templateInfoOf, type TemplateSource } from '../templates/TemplateSource';
import { inspectWorkspace } from '../workspace/archiveWorkspace';
import { removeWorkspace } from '../workspace/removeWorkspace';
import { DryRunLog } from './DryRunLog';
import type { DryRunRequest } from './readDryRunRequest';
import { readFiles } from './readFiles';

/** The result of a dry run. */
type DryRunResult = Awaited<ReturnType<ScaffolderService['dryRun']>>;

/** Longer than anybody would wait for a response. */
const LONGEST_MS = 5 * 60_000;
/** What fits into a response: it is in memory several times while it is sent. */
const MOST_BYTES = 50_000_000;

/**
 * Actions that do not declare `supportsDryRun` are skipped and get an example output. Configured secrets are replaced
 * by placeholders too: anybody may have written the template, and its files are returned to the caller.
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

  /** Throws `InputError` with the step and its error if a step fails. */
  async run(
    request: DryRunRequest,
    credentials: BackstageCredentials,
    signal: AbortSignal,
  ): Promise<DryRunResult> {
    await this.#access.require(templateDryRunPermission, credentials);
    // Policies written before `templateDryRunPermission` existed only know this one, and a dry run does run actions.
    await this.#access.require(taskCreatePermission, credentials);
    const { spec } = await this.#access.visiblePart(request.template, credentials);
    const values = await checkRequest(spec, request, this.#tools.renderer);

    await mkdir(this.#tools.workingDirectory, { recursive: true });
    const folder = await mkdtemp(join(this.#tools.workingDirectory, 'greenroom-dry-run-'));
    const timeout = new AbortController();
    // Not `AbortSignal.timeout`, because Node 20 garbage-collects it if only `AbortSignal.any` refers to it.
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
      const log = new DryRunLog(mask);
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
          record: withoutKeeping(log),
          signal: AbortSignal.any([signal, timeout.signal]),
          isDryRun: true,
          checkAllowed: this.#access.guardOf(await this.#access.actionDecision(credentials)),
          getInitiatorCredentials: async () => credentials,
        });
      } catch (error) {
        const failed = log.entries.find(({ body }) => body.status === 'failed')?.body.stepId;
        const where = failed === undefined ? '' : ` at step '${failed}'`;
        throw new InputError(`The dry run failed${where}: ${mask.maskText(toError(error).message)}`);
      }
      if ((await inspectWorkspace(workspacePath)).bytes > MOST_BYTES) {
        throw new InputError(
          `The files of the dry run have more than ${MOST_BYTES} bytes. Try the template out with fewer of them.`,
        );
      }
      const directoryContents = await readFiles(workspacePath);
      return { log: log.entries, output: mask.maskValue(output), steps: taskSpec.steps, directoryContents };
    } finally {
      clearTimeout(timer);
      await removeWorkspace(folder);
    }
  }
}

/** Relative URLs refer to the files in the request; if there are none, to the URL of the template. */
function placeOf({ template, directoryContents }: DryRunRequest, folder: string): TemplateInfo {
  const { baseUrl, ...info } = templateInfoOf(template);
  // A local URL in a request can't be trusted.
  const isRemote = directoryContents.length === 0 && baseUrl !== undefined && !baseUrl.startsWith('file:');
  return { ...info, baseUrl: isRemote ? baseUrl : pathToFileURL(join(folder, 'template.yaml')).href };
}

async function writeFiles(folder: string, files: readonly ScaffolderFile[]): Promise<void> {
  await mkdir(folder);
  for (const { path, base64Content, executable } of files) {
    const target = resolveSafeChildPath(folder, path);
    try {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, Buffer.from(base64Content, 'base64'), { mode: executable ? 0o755 : 0o644 });
    } catch (error) {
      if (!['EEXIST', 'EISDIR', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code!)) throw error;
      // Without the cause, which names a path of this machine.
      throw new InputError(`In 'directoryContents', '${path}' can't be a file beside the others`);
    }
  }
}
