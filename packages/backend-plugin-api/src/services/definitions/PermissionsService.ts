// The interface for checking permissions.
import type {
  AuthorizePermissionRequest,
  AuthorizePermissionResponse,
  EvaluatorRequestOptions,
  PermissionEvaluator,
  QueryPermissionRequest,
  QueryPermissionResponse,
} from '@backstage/plugin-permission-common';
import type { BackstageCredentials } from './AuthService';

/** Options of the requests of a {@link PermissionsService}. */
export interface PermissionsServiceRequestOptions extends EvaluatorRequestOptions {
  /** The credentials of the caller whose permission is checked. */
  credentials: BackstageCredentials;
}

/**
 * Decides whether a caller is allowed to do something. Responses are in the order of the requests.
 *
 * A service is allowed everything that its access restrictions do not exclude, and so is everybody else unless
 * `permission.enabled` is set.
 *
 * @throws an error with code `GR_PERMISSION_REQUEST` if the permission plugin gives no decision.
 */
export interface PermissionsService extends PermissionEvaluator {
  /** Returns definitive decisions: allow or deny. */
  authorize(
    requests: AuthorizePermissionRequest[],
    options: PermissionsServiceRequestOptions,
  ): Promise<AuthorizePermissionResponse[]>;
  /**
   * Returns decisions that may be conditional on the resource. The plugin applies the conditions, for example in a
   * query.
   */
  authorizeConditional(
    requests: QueryPermissionRequest[],
    options: PermissionsServiceRequestOptions,
  ): Promise<QueryPermissionResponse[]>;
}
