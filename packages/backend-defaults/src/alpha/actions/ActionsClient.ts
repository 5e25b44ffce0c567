// Lists and calls actions, wherever their plugins run, as far as the filter allows.
import { InputError, NotFoundError } from '@backstage/errors';
import type { JsonValue } from '@backstage/types';
import type {
  AuthService,
  BackstageCredentials,
  DiscoveryService,
  LoggerService,
} from '@greenroom/backend-plugin-api';
import type { ActionsService, ActionsServiceAction } from '@greenroom/backend-plugin-api/alpha';
import { ActionFilter } from './ActionFilter';
import { ActionsEndpoint } from './ActionsEndpoint';
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
 * Lists the actions of the plugins in `backend.actions.pluginSources`, and calls an action at the plugin named by its
 * ID. Actions excluded by `backend.actions.filter` are neither listed nor called.
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

  /** Lists the actions that the caller may see. A plugin that can't be reached is left out, with a warning in the log. */
  async list(options: Parameters<ActionsService['list']>[0]): Promise<{ actions: ActionsServiceAction[] }> {
    const found = await Promise.all(
      this.#options.settings.pluginSources.map(pluginId =>
        this.#of(pluginId, options.credentials)
          .list()
          .catch((error: Error) => this.#leaveOut(pluginId, error)),
      ),
    );
    return { actions: found.flat().filter(action => this.#filter.accepts(action)) };
  }

  /**
   * Calls an action. Rejects with `InputError` if the ID does not name a plugin, `NotFoundError` if the filter
   * excludes the action, and `ResponseError` with an error response of the plugin.
   */
  async invoke(options: Parameters<ActionsService['invoke']>[0]): Promise<{ output: JsonValue }> {
    const { id, credentials, ...call } = options;
    // Anything but the ID of a plugin, such as '..', could lead the request elsewhere.
    const [, pluginId] = /^([\w-]+):./.exec(id) ?? [];
    if (pluginId === undefined) {
      throw new InputError(`'${id}' is not an action ID; these have the form <plugin>:<action>`);
    }
    const endpoint = this.#of(pluginId, credentials);
    const offered = this.#filter.acceptsId(id) ?? (await this.#lists(endpoint, id));
    if (!offered) {
      throw new NotFoundError(`There is no action '${id}'`);
    }
    return { output: await endpoint.call(id, call) };
  }

  #of(pluginId: string, caller: BackstageCredentials): ActionsEndpoint {
    return new ActionsEndpoint(pluginId, caller, this.#options);
  }

  async #lists(endpoint: ActionsEndpoint, id: string): Promise<boolean> {
    const action = (await endpoint.list()).find(one => one.id === id);
    return action !== undefined && this.#filter.accepts(action);
  }

  #leaveOut(pluginId: string, { message, cause }: Error): ActionsServiceAction[] {
    const isTold = !(cause instanceof Error) || message.includes(cause.message);
    const reason = isTold ? message : `${message}: ${cause.message}`;
    this.#options.logger.warn(
      `The actions of plugin '${pluginId}' are left out because it could not be asked for them: ${reason}`,
    );
    return [];
  }
}
