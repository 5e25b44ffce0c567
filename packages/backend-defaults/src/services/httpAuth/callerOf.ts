// Names the caller of a request, for logs and records that must not fail if the request is not allowed.
import type {
  BackstageCredentials,
  BackstagePrincipalTypes,
  HttpAuthService,
} from '@greenroom/backend-plugin-api';

/** Like {@link nameOf}, but also `undefined` if the credentials of the request are invalid. */
export async function callerOf(
  httpAuth: Pick<HttpAuthService, 'credentials'>,
  request: Parameters<HttpAuthService['credentials']>[0],
): Promise<string | undefined> {
  try {
    const options = { allow: ['user', 'service', 'none'] as Array<'user'>, allowLimitedAccess: true };
    return nameOf(await httpAuth.credentials(request, options));
  } catch {
    return undefined;
  }
}

/** The entity ref of a user or the subject of a service; `undefined` for anybody else. */
export function nameOf({ principal }: BackstageCredentials): string | undefined {
  const known = principal as BackstagePrincipalTypes['user' | 'service' | 'none'] | undefined;
  if (known?.type === 'user') return known.userEntityRef;
  return known?.type === 'service' ? known.subject : undefined;
}
