// Refuses requests without credentials, except where a policy of the plugin allows them.
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
 * A handler that passes requests of users and services on, and all others where `addAuthPolicy` or
 * `backend.auth.dangerouslyDisableDefaultAuthPolicy` says so. Give it URLs relative to the plugin's.
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
