// On whose behalf a task runs: kept with it in a form from which credentials can be made again.
import { AuthenticationError } from '@backstage/errors';
import type { AuthService, BackstageCredentials } from '@greenroom/backend-plugin-api';

/** The type of principal, and for a user a token that only the scaffolder takes. */
export interface TaskInitiator {
  readonly type: 'user' | 'service' | 'none';
  readonly token?: string;
}

/** What has to be kept of the credentials of whoever creates a task. */
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

/** A service is stood for by the scaffolder itself, as whenever a plugin calls another one for a service. */
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

/** The reference of a user, the subject of a service, nothing for nobody. */
export function nameOf(credentials: BackstageCredentials, auth: AuthService): string | undefined {
  if (auth.isPrincipal(credentials, 'user')) return credentials.principal.userEntityRef;
  if (auth.isPrincipal(credentials, 'service')) return credentials.principal.subject;
  return undefined;
}

/** What actions that were made for Backstage call the catalog with; nothing where they act for nobody. */
export async function catalogTokenOf(
  credentials: BackstageCredentials,
  auth: AuthService,
): Promise<string | undefined> {
  if (!auth.isPrincipal(credentials, 'user')) return undefined;
  const { token } = await auth.getPluginRequestToken({ onBehalfOf: credentials, targetPluginId: 'catalog' });
  return token;
}
