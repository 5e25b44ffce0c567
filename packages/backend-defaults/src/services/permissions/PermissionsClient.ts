// Requests decisions from the permission plugin over HTTP.
import type {
  AuthorizePermissionRequest,
  AuthorizePermissionResponse,
  EvaluatePermissionRequest,
  Permission,
  PolicyDecision,
  QueryPermissionRequest,
  QueryPermissionResponse,
} from '@backstage/plugin-permission-common';
import {
  type AuthService,
  type BackstagePrincipalAccessRestrictions,
  type DiscoveryService,
  fetchDurably,
  type PermissionsService,
  type PermissionsServiceRequestOptions,
} from '@greenroom/backend-plugin-api';
import { isGreenroomError } from '@greenroom/backend-plugin-api/internal';
import { randomUUID } from 'node:crypto';
import { PermissionRequestError } from './PermissionRequestError';
import { readDecisions } from './readDecisions';

/** In milliseconds: long enough for attempts that wait until the permission plugin has started. */
const timeoutMs = 30_000;

/**
 * Options of {@link PermissionsClient}.
 *
 * @public
 */
export interface PermissionsClientOptions {
  auth: Pick<AuthService, 'isPrincipal' | 'getPluginRequestToken'>;
  discovery: Pick<DiscoveryService, 'getBaseUrl'>;
  /** If `false`, allows everything except what access restrictions forbid, without asking. */
  enabled: boolean;
  /** The plugin that asks. */
  pluginId: string;
}

/**
 * Decides by access restrictions for services, and asks the permission plugin for everybody else. A batch of requests
 * is sent as one HTTP request.
 *
 * @public
 */
export class PermissionsClient implements PermissionsService {
  readonly #options: PermissionsClientOptions;

  constructor(options: PermissionsClientOptions) {
    this.#options = options;
  }

  /** Allow or deny, in the order of the requests. Rejects with `PermissionRequestError` if there is no answer. */
  async authorize(
    requests: AuthorizePermissionRequest[],
    options: PermissionsServiceRequestOptions,
  ): Promise<AuthorizePermissionResponse[]> {
    const decisions = await this.#decide(requests, options);
    return decisions.map((decision, index) => {
      if (decision.result === 'CONDITIONAL') {
        throw this.#failed(
          [requests[index]!],
          'it answered with conditions where only yes or no makes sense',
        );
      }
      return decision;
    });
  }

  /**
   * Possibly conditional decisions, in the order of the requests. Rejects with `PermissionRequestError` if there is
   * no answer.
   */
  authorizeConditional(
    requests: QueryPermissionRequest[],
    options: PermissionsServiceRequestOptions,
  ): Promise<QueryPermissionResponse[]> {
    return this.#decide(requests, options);
  }

  async #decide(
    requests: EvaluatePermissionRequest[],
    { credentials }: PermissionsServiceRequestOptions,
  ): Promise<PolicyDecision[]> {
    const { auth, enabled } = this.#options;
    if (auth.isPrincipal(credentials, 'service')) {
      // Restrictions belong to the token of an external caller, so they apply with or without a policy.
      const { accessRestrictions } = credentials.principal;
      return requests.map(({ permission }) => ({
        result: !accessRestrictions || isWithin(permission, accessRestrictions) ? 'ALLOW' : 'DENY',
      }));
    }
    if (!enabled || requests.length === 0) {
      return requests.map(() => ({ result: 'ALLOW' }));
    }
    const { token } = await auth.getPluginRequestToken({
      onBehalfOf: credentials,
      targetPluginId: 'permission',
    });
    return this.#request(requests, token);
  }

  async #request(requests: EvaluatePermissionRequest[], token: string): Promise<PolicyDecision[]> {
    const items = requests.map(({ permission, resourceRef }) => ({
      id: randomUUID(),
      permission,
      resourceRef,
    }));
    const url = `${await this.#options.discovery.getBaseUrl('permission')}/authorize`;
    let response: Response;
    let body: unknown;
    try {
      response = await fetchDurably(url, {
        method: 'POST',
        repeatable: true,
        timeoutMs,
        headers: {
          'content-type': 'application/json',
          // Unauthenticated callers have no token; the policy decides what they may do.
          ...(token && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ items }),
      });
      body = response.ok ? await response.json() : await response.text();
    } catch (error) {
      throw this.#failed(requests, describeFailure(error, url), error);
    }
    if (!response.ok) {
      throw this.#failed(
        requests,
        `${url} answered ${response.status} ${response.statusText}${messageOf(body)}`,
      );
    }
    try {
      return readDecisions(body, items);
    } catch (error) {
      throw this.#failed(requests, `${url} answered, but ${(error as Error).message}`, error);
    }
  }

  #failed(requests: EvaluatePermissionRequest[], problem: string, cause?: unknown): PermissionRequestError {
    const permissions = requests.map(({ permission }) => permission.name);
    return new PermissionRequestError({ pluginId: this.#options.pluginId, permissions, problem, cause });
  }
}

function isWithin(permission: Permission, restrictions: BackstagePrincipalAccessRestrictions): boolean {
  const { permissionNames, permissionAttributes } = restrictions;
  if (permissionNames && !permissionNames.includes(permission.name)) {
    return false;
  }
  const actions = permissionAttributes?.action;
  const { action } = permission.attributes;
  return !actions || (action !== undefined && actions.includes(action));
}

function describeFailure(error: unknown, url: string): string {
  if ((error as Error).name === 'SyntaxError') {
    return `${url} answered with something else than JSON`;
  }
  return isGreenroomError(error) ? error.what : String(error);
}

/** The message in an error response, if it has the usual form. */
function messageOf(body: unknown): string {
  try {
    const { error } = JSON.parse(String(body)) as { error: { message: unknown } };
    return `: ${String(error.message)}`;
  } catch {
    return '';
  }
}
