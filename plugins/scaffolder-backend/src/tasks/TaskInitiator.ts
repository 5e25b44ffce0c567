// On whose behalf a task runs, stored in a form that can be turned back into credentials.
import { AuthenticationError } from '@backstage/errors';
import type { AuthService, BackstageCredentials } from '@greenroom/backend-plugin-api';

/** The type of the principal and, for a user, a token that only the scaffolder accepts. */
export interface TaskInitiator {
  readonly type: 'user' | 'service' | 'none';
  readonly token?: string;
}

/** Extracts what has to be stored of the creator's credentials. */
export async function initiatorOf(
  credentials: BackstageCredentials,
  auth: AuthService,
): Promise<TaskInitiator> {
  if (auth.isPrincipal(credentials, 'service')) return { type: 'service' };
  if (!auth.isPrincipal(credentials, 'user')) return { type: 'none' };
  const { token } = await auth.getPluginRequestToken({
    onBehalfOf: credentials,
    targetPluginId: 'scaffolder',
  });
  return { type: 'user', token };
}

/** The scaffolder acts for a service with its own credentials, as it would for any call on behalf of a service. */
export function credentialsOf(initiator: TaskInitiator, auth: AuthService): Promise<BackstageCredentials> {
  switch (initiator.type) {
    case 'service':
      return auth.getOwnServiceCredentials();
    case 'none':
      return auth.getNoneCredentials();
    default:
      if (initiator.token !== undefined) return auth.authenticate(initiator.token);
      throw new AuthenticationError(
        'The credentials of the user who created the task were lost with the instance that it began on, as they were ' +
          'encrypted with a key of its own. Set scaffolder.taskSecrets.keys, the same for all instances.',
      );
  }
}

/** The entity reference of a user, the subject of a service, or undefined. */
export function nameOf(credentials: BackstageCredentials, auth: AuthService): string | undefined {
  if (auth.isPrincipal(credentials, 'user')) return credentials.principal.userEntityRef;
  if (auth.isPrincipal(credentials, 'service')) return credentials.principal.subject;
  return undefined;
}

/** The token with which actions written for Backstage call the catalog; undefined unless they act for a user. */
export async function catalogTokenOf(
  credentials: BackstageCredentials,
  auth: AuthService,
): Promise<string | undefined> {
  if (!auth.isPrincipal(credentials, 'user')) return undefined;
  const { token } = await auth.getPluginRequestToken({ onBehalfOf: credentials, targetPluginId: 'catalog' });
  return token;
}
