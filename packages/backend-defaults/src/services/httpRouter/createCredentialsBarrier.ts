// Refuses requests without credentials, unless a policy of the plugin allows them.
import type {
  HttpAuthService,
  HttpRouterServiceAuthPolicy,
  RootConfigService,
} from '@greenroom/backend-plugin-api';
import type { RequestHandler } from 'express';
import { readPolicyDisabled } from '../auth/config';
import { AuthPolicies } from './AuthPolicies';

const full: { allow: Array<'user' | 'service'> } = { allow: ['user', 'service'] };
const limited = { ...full, allowLimitedAccess: true };

/**
 * A handler that lets requests of users and services pass, and all others only if `addAuthPolicy` or
 * `backend.auth.dangerouslyDisableDefaultAuthPolicy` permits it. It expects URLs relative to the plugin's.
 *
 * @public
 */
export function createCredentialsBarrier(options: { httpAuth: HttpAuthService; config: RootConfigService }): {
  middleware: RequestHandler;
  addAuthPolicy: (policy: HttpRouterServiceAuthPolicy) => void;
} {
  const { httpAuth, config } = options;
  const policies = new AuthPolicies();
  const disabled = readPolicyDisabled(config);
  return {
    addAuthPolicy: policy => policies.add(policy),
    middleware: (req, _res, next) => {
      const allowed = disabled ? 'unauthenticated' : policies.find(req.url);
      if (allowed === 'unauthenticated') {
        next();
        return;
      }
      httpAuth.credentials(req, allowed === 'user-cookie' ? limited : full).then(() => next(), next);
    },
  };
}
