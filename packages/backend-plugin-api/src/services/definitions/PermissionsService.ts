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
  /** Who asks. */
  credentials: BackstageCredentials;
}

/** Decides whether somebody may do something. Answers are in the order of the requests. */
export interface PermissionsService extends PermissionEvaluator {
  /** Definitive decisions: allow or deny. */
  authorize(
    requests: AuthorizePermissionRequest[],
    options: PermissionsServiceRequestOptions,
  ): Promise<AuthorizePermissionResponse[]>;
  /** Decisions that may be conditions on the resource, to be applied by the caller, for example in a query. */
  authorizeConditional(
    requests: QueryPermissionRequest[],
    options: PermissionsServiceRequestOptions,
  ): Promise<QueryPermissionResponse[]>;
}
