// The tokens of mock credentials: readable, and taken at their word by the mock services.
import { AuthenticationError } from '@backstage/errors';

/** What a mock token says. */
export type MockTokenClaims =
  | { type: 'user' | 'limited-user'; userEntityRef?: string; actor?: { subject: string } }
  | { type: 'service'; subject?: string; targetPluginId?: string; onBehalfOf?: MockPrincipal }
  | { type: 'none' };

/** A principal inside a token. */
export type MockPrincipal =
  | { type: 'user'; userEntityRef: string; actor?: { subject: string } }
  | { type: 'service'; subject: string }
  | { type: 'none' };

const prefix = 'mock-';
const suffix = '-token';

/** Writes a token: `mock-user-token`, with what else it says behind a dot. */
export function writeMockToken({ type, ...claims }: MockTokenClaims): string {
  const said = JSON.stringify(claims);
  const payload = said === '{}' ? '' : `.${Buffer.from(said).toString('base64url')}`;
  return `${prefix}${type}${suffix}${payload}`;
}

/** A token of a kind that no mock service accepts. */
export function writeInvalidMockToken(type: MockTokenClaims['type']): string {
  return `${prefix}invalid-${type}${suffix}`;
}

/** Throws `AuthenticationError` for what is no mock token. */
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
