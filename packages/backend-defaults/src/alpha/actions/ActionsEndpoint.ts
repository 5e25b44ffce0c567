// The actions of one plugin, as served over HTTP.
import { ResponseError } from '@backstage/errors';
import type { JsonObject, JsonValue } from '@backstage/types';
import {
  type AuthService,
  type BackstageCredentials,
  type DiscoveryService,
  fetchDurably,
  type FetchDurablyInit,
} from '@greenroom/backend-plugin-api';
import type { ActionsService, ActionsServiceAction } from '@greenroom/backend-plugin-api/alpha';

/** For a list, in milliseconds, as those of other plugins wait for it. A call takes as long as its action. */
const listTimeoutMs = 10_000;

type ActionCall = Pick<Parameters<ActionsService['invoke']>[0], 'input' | 'secrets'>;

/** Used to find the plugin, and to authenticate the caller there. */
export interface ActionsEndpointDeps {
  auth: Pick<AuthService, 'getPluginRequestToken'>;
  discovery: Pick<DiscoveryService, 'getBaseUrl'>;
}

/** Makes requests on behalf of one caller. Rejects with `ResponseError` if the plugin refuses. */
export class ActionsEndpoint {
  readonly #pluginId: string;
  readonly #caller: BackstageCredentials;
  readonly #deps: ActionsEndpointDeps;

  constructor(pluginId: string, caller: BackstageCredentials, deps: ActionsEndpointDeps) {
    this.#pluginId = pluginId;
    this.#caller = caller;
    this.#deps = deps;
  }

  /** Lists the actions that the caller may see. */
  async list(): Promise<ActionsServiceAction[]> {
    const { actions } = (await this.#ask('v1/actions')) as { actions?: unknown };
    if (!Array.isArray(actions)) {
      throw new TypeError('its answer has no list of actions');
    }
    return actions;
  }

  /** Calls an action and returns its output. */
  async call(id: string, { input = {}, secrets }: ActionCall): Promise<JsonValue> {
    const path = `actions/${encodeURIComponent(id)}/invoke`;
    // Only version 2 supports secrets, and not every plugin has it.
    const answer = await (secrets
      ? this.#ask(`v2/${path}`, { input, secrets })
      : this.#ask(`v1/${path}`, input));
    return (answer as { output: JsonValue }).output;
  }

  /** Sends a POST if there is a body, otherwise a GET. */
  async #ask(path: string, body?: JsonObject): Promise<unknown> {
    const { auth, discovery } = this.#deps;
    const base = await discovery.getBaseUrl(this.#pluginId);
    const { token } = await auth.getPluginRequestToken({
      onBehalfOf: this.#caller,
      targetPluginId: this.#pluginId,
    });
    const headers = new Headers(token ? { authorization: `Bearer ${token}` } : {});
    const request: FetchDurablyInit = { headers, ...(!body && { timeoutMs: listTimeoutMs }) };
    if (body) {
      headers.set('content-type', 'application/json');
      request.method = 'POST';
      request.body = JSON.stringify(body);
    }
    const url = `${base}/.backstage/actions/${path}`;
    const response = await fetchDurably(url, request);
    if (!response.ok) {
      const error = await ResponseError.fromResponse(response);
      // The message alone only has the status, and callers tend to drop the cause.
      error.message += `: ${error.cause.message}`;
      throw error;
    }
    return response.json();
  }
}
