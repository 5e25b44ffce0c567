// Finds and calls the actions of plugins over HTTP.
import { InputError, NotFoundError, ResponseError } from '@backstage/errors';
import type { JsonObject, JsonValue } from '@backstage/types';
import type {
  AuthService,
  BackstageCredentials,
  DiscoveryService,
  LoggerService,
} from '@greenroom/backend-plugin-api';
import type { ActionsService, ActionsServiceAction } from '@greenroom/backend-plugin-api/alpha';
import { ActionFilter } from './ActionFilter';
import type { ActionsSettings } from './config';

/**
 * Options of {@link ActionsClient}.
 *
 * @alpha
 */
export interface ActionsClientOptions {
  auth: Pick<AuthService, 'getPluginRequestToken'>;
  discovery: Pick<DiscoveryService, 'getBaseUrl'>;
  logger: LoggerService;
  settings: ActionsSettings;
}

/**
 * Asks the plugins that `backend.actions.pluginSources` names for their actions, and calls an action where its ID says. What
 * `backend.actions.filter` leaves out is neither listed nor called.
 *
 * @alpha
 */
export class ActionsClient implements ActionsService {
  readonly #options: ActionsClientOptions;
  readonly #filter: ActionFilter;

  constructor(options: ActionsClientOptions) {
    this.#options = options;
    this.#filter = new ActionFilter(options.settings);
  }

  /** The actions that the caller may see. A plugin that can't be asked is left out, with a warning in the log. */
  async list({
    credentials,
  }: {
    credentials: BackstageCredentials;
  }): Promise<{ actions: ActionsServiceAction[] }> {
    const { logger, settings } = this.#options;
    const lists = await Promise.all(
      settings.pluginSources.map(async pluginId => {
        try {
          return await this.#listOf(pluginId, credentials);
        } catch (error) {
          logger.warn(
            `The actions of plugin '${pluginId}' are left out because it could not be asked for them: ${describe(error)}`,
          );
          return [];
        }
      }),
    );
    return { actions: lists.flat().filter(action => this.#filter.accepts(action)) };
  }

  /**
   * Calls an action. Throws `InputError` for an ID that has no plugin, `NotFoundError` for an action that the filter leaves
   * out, and `ResponseError` with what the plugin answered.
   */
  async invoke(options: {
    id: string;
    input?: JsonObject;
    secrets?: JsonObject;
    credentials: BackstageCredentials;
  }): Promise<{ output: JsonValue }> {
    const { id, input = {}, secrets, credentials } = options;
    const pluginId = /^([^:]+):./.exec(id)?.[1];
    if (!pluginId) {
      throw new InputError(`'${id}' is no ID of an action; they have the form <plugin>:<action>`);
    }
    if (!(await this.#isOffered(id, pluginId, credentials))) {
      throw new NotFoundError(`There is no action '${id}'`);
    }
    // The first version of the endpoint has no place for secrets; without any it is used, as every plugin knows it.
    const version = secrets ? 'v2' : 'v1';
    const response = await this.#request(
      pluginId,
      `/.backstage/actions/${version}/actions/${encodeURIComponent(id)}/invoke`,
      credentials,
      secrets ? { input, secrets } : input,
    );
    const { output } = (await response.json()) as { output: JsonValue };
    return { output };
  }

  async #isOffered(id: string, pluginId: string, credentials: BackstageCredentials): Promise<boolean> {
    const known = this.#filter.acceptsId(id);
    if (known !== undefined) {
      return known;
    }
    const actions = await this.#listOf(pluginId, credentials);
    return actions.some(action => action.id === id && this.#filter.accepts(action));
  }

  async #listOf(pluginId: string, credentials: BackstageCredentials): Promise<ActionsServiceAction[]> {
    const response = await this.#request(pluginId, '/.backstage/actions/v1/actions', credentials);
    const { actions } = (await response.json()) as { actions?: ActionsServiceAction[] };
    if (!Array.isArray(actions)) {
      throw new TypeError(`${response.url} answered without a list of actions`);
    }
    return actions;
  }

  async #request(
    pluginId: string,
    path: string,
    credentials: BackstageCredentials,
    body?: JsonObject,
  ): Promise<Response> {
    const { auth, discovery } = this.#options;
    const [baseUrl, { token }] = await Promise.all([
      discovery.getBaseUrl(pluginId),
      auth.getPluginRequestToken({ onBehalfOf: credentials, targetPluginId: pluginId }),
    ]);
    const response = await fetch(`${baseUrl}${path}`, {
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response;
  }
}

function describe(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message ? `${message}: ${cause.message}` : message;
}
