// The tokens of mock credentials. They are readable, and the mock services trust them.
import { AuthenticationError } from '@backstage/errors';

/** The claims of a mock token. */
export type MockTokenClaims =
  | { type: 'user' | 'limited-user'; userEntityRef?: string; actor?: { subject: string } }
  | { type: 'service'; subject?: string; targetPluginId?: string; onBehalfOf?: MockPrincipal }
  | { type: 'none' };

/** A principal in a token. */
export type MockPrincipal =
  | { type: 'user'; userEntityRef: string; actor?: { subject: string } }
  | { type: 'service'; subject: string }
  | { type: 'none' };

const prefix = 'mock-';
const suffix = '-token';

/** Writes a token: `mock-user-token`, followed by a dot and further claims, if any. */
export function writeMockToken({ type, ...claims }: MockTokenClaims): string {
  const said = JSON.stringify(claims);
  const payload = said === '{}' ? '' : `.${Buffer.from(said).toString('base64url')}`;
  return `${prefix}${type}${suffix}${payload}`;
}

/** A token that all mock services reject. */
export function writeInvalidMockToken(type: MockTokenClaims['type']): string {
  return `${prefix}invalid-${type}${suffix}`;
}

/** Throws `AuthenticationError` for anything but a mock token. */
export function readMockToken(token: string): MockTokenClaims {
  const match = /^mock-(?<type>user|limited-user|service|none)-token(?:\.(?<payload>[\w-]+))?$/.exec(token);
  if (!match) {
    throw new AuthenticationError(
      token.startsWith('mock-invalid-')
        ? 'The token is one of those that are meant to be refused'
        : `'${token}' is no mock token: make tokens with mockCredentials`,
    );
  }
  const { type, payload } = match.groups as { type: MockTokenClaims['type']; payload?: string };
  try {
    return { type, ...(payload && JSON.parse(Buffer.from(payload, 'base64url').toString())) };
  } catch (cause) {
    throw new AuthenticationError(`The payload of the mock token '${token}' can't be read`, cause);
  }
}
