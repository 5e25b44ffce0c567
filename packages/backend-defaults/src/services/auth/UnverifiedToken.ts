// Reads what a token claims, before it has been verified.
import type { JsonObject } from '@backstage/types';
import { isObject } from '../../isObject';

/** The decoded parts of a JWT whose signature has not been checked. */
export interface UnverifiedToken {
  header: JsonObject;
  payload: JsonObject;
}

const shown = ['typ', 'alg', 'kid', 'iss', 'sub', 'aud', 'iat', 'nbf', 'exp'] as const;
const longestShown = 200;

/** Decodes a JWT. Returns `undefined` for anything else. */
export function readUnverifiedToken(token: string): UnverifiedToken | undefined {
  const parts = token.split('.');
  const [header, payload] = [decodePart(parts[0]), decodePart(parts[1])];
  return parts.length === 3 && header && payload ? { header, payload } : undefined;
}

/** The claims that identify a token in a log line, truncated to a sensible length. */
export function describeToken({ header, payload }: UnverifiedToken): JsonObject {
  const claims: JsonObject = { ...payload, typ: header.typ, alg: header.alg, kid: header.kid };
  return Object.fromEntries(
    shown.flatMap(name => {
      const value = claims[name];
      return value === undefined ? [] : [[name, typeof value === 'number' ? value : textOf(value)]];
    }),
  );
}

/** A claim or header field as text for a message, whatever its value. */
export function showClaim(value: unknown): string {
  try {
    return String(JSON.stringify(value)).slice(0, longestShown);
  } catch {
    return 'nested too deep';
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, longestShown) : showClaim(value);
}

function decodePart(part: string | undefined): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
