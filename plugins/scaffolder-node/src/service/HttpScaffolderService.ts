// Calls the scaffolder over HTTP, wherever discovery locates it.
import { parseEntityRef } from '@backstage/catalog-model';
import { InputError, ResponseError } from '@backstage/errors';
import type { JsonValue } from '@backstage/types';
import { type AuthService, type DiscoveryService, fetchDurably } from '@greenroom/backend-plugin-api';
import type { ScaffolderService, ScaffolderServiceRequestOptions, ScaffolderTask } from './ScaffolderService';

/** A proxy in between waits no longer, usually. */
const timeoutMs = 60_000;

interface Call {
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  /** If set, the request is a POST. */
  readonly body?: unknown;
  /** Whether a POST changes nothing and may be repeated. */
  readonly repeatable?: boolean;
  /** Whether it may take as long as it likes, because steps are run before the response. */
  readonly unlimited?: boolean;
}

/** Calls that only read are repeated if the connection breaks. */
export class HttpScaffolderService implements ScaffolderService {
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;

  constructor({ auth, discovery }: { auth: AuthService; discovery: DiscoveryService }) {
    this.#auth = auth;
    this.#discovery = discovery;
  }

  readonly getTemplateParameterSchema: ScaffolderService['getTemplateParameterSchema'] = async (
    { templateRef },
    options,
  ) => {
    const { kind, namespace, name } = parseEntityRef(templateRef, { defaultKind: 'template' });
    return this.#call({ path: ['templates', namespace, kind, name, 'parameter-schema'] }, options);
  };

  readonly scaffold: ScaffolderService['scaffold'] = async (request, options) => {
    const { id } = await this.#call<{ id: string }>({ path: ['tasks'], body: request }, options);
    return { taskId: id };
  };

  readonly getTask: ScaffolderService['getTask'] = ({ taskId }, options) =>
    this.#call({ path: ['tasks', taskId] }, options);

  readonly cancelTask: ScaffolderService['cancelTask'] = ({ taskId }, options) =>
    this.#call({ path: ['tasks', taskId, 'cancel'], body: {} }, options);

  readonly retry: ScaffolderService['retry'] = ({ taskId, secrets }, options) =>
    this.#call({ path: ['tasks', taskId, 'retry'], body: { secrets } }, options);

  readonly listTasks: ScaffolderService['listTasks'] = async (
    { createdBy, limit, offset, status },
    options,
  ) => {
    const query = { createdBy, limit, offset, status };
    type Listed = { tasks: ScaffolderTask[]; totalTasks: number };
    const { tasks, totalTasks } = await this.#call<Listed>({ path: ['tasks'], query }, options);
    return { items: tasks, totalItems: totalTasks };
  };

  readonly listActions: ScaffolderService['listActions'] = (_request, options) =>
    this.#call({ path: ['actions'] }, options);

  readonly listTemplatingExtensions: ScaffolderService['listTemplatingExtensions'] = (_request, options) =>
    this.#call({ path: ['templating-extensions'] }, options);

  readonly getLogs: ScaffolderService['getLogs'] = ({ taskId, after }, options) =>
    this.#call({ path: ['tasks', taskId, 'events'], query: { after } }, options);

  readonly dryRun: ScaffolderService['dryRun'] = (request, options) =>
    this.#call({ path: ['dry-run'], body: request, repeatable: true, unlimited: true }, options);

  readonly autocomplete: ScaffolderService['autocomplete'] = (
    { provider, resource, token, context },
    options,
  ) => {
    const path = ['autocomplete', provider, resource];
    return this.#call({ path, body: { token, context }, repeatable: true }, options);
  };

  async #call<T>(
    { path, query = {}, body, repeatable, unlimited }: Call,
    options?: ScaffolderServiceRequestOptions,
  ): Promise<T> {
    // In a URL they stand for other places, even when they are escaped.
    const unfit = path.find(part => ['', '.', '..'].includes(part));
    if (unfit !== undefined) throw new InputError(`'${unfit}' names nothing that the scaffolder has`);
    const [base, issued] = await Promise.all([
      this.#discovery.getBaseUrl('scaffolder'),
      options &&
        this.#auth.getPluginRequestToken({ onBehalfOf: options.credentials, targetPluginId: 'scaffolder' }),
    ]);
    const url = new URL(`${base}/v2/${path.map(encodeURIComponent).join('/')}`);
    for (const [name, value] of Object.entries(query)) {
      for (const one of [value ?? []].flat()) url.searchParams.append(name, String(one));
    }
    const answer = await fetchDurably(url, {
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      ...(repeatable && { repeatable }),
      ...(!unlimited && { timeoutMs }),
      headers: {
        'content-type': 'application/json',
        ...(issued && { authorization: `Bearer ${issued.token}` }),
      },
    });
    if (!answer.ok) throw await ResponseError.fromResponse(answer);
    return (await answer.json()) as JsonValue as T;
  }
}
