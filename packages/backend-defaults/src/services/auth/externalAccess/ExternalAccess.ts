// Identifies external callers by the entries of `backend.auth.externalAccess`.
import { InvalidConfigValueError } from '../../../config/InvalidConfigValueError';
import type { ExternalAccessEntry } from '../config';
import { describeToken, readUnverifiedToken } from '../UnverifiedToken';
import { KeysUnavailable, TokenRejection, toRejection } from '../TokenRejection';
import type { ExternalCaller, JwtAccess } from './ExternalCaller';
import type { ExternalTokenHandler } from './ExternalTokenHandler';
import { jwksAccess } from './jwksAccess';
import { legacyAccess } from './legacyAccess';
import { hashOf, readStaticCallers } from './staticAccess';

const builtInTypes = ['static', 'jwks', 'legacy'];

interface Parts {
  readonly entries: readonly ExternalAccessEntry[];
  readonly fixed: ReadonlyMap<string, ExternalCaller>;
  readonly jwt: readonly JwtAccess[];
  readonly custom: ReadonlyArray<(token: string) => Promise<ExternalCaller | undefined>>;
}

/** External access as configured. Read once for all plugins; `withHandlers` adds the types that a plugin provides. */
export class ExternalAccess {
  readonly #parts: Parts;

  /** Throws `InvalidConfigValueError` for an invalid entry. */
  static read(entries: readonly ExternalAccessEntry[]): ExternalAccess {
    const jwt = entries.flatMap(entry => {
      if (entry.type === 'jwks') return [jwksAccess(entry)];
      return entry.type === 'legacy' ? [legacyAccess(entry)] : [];
    });
    return new ExternalAccess({ entries, fixed: readStaticCallers(entries), jwt, custom: [] });
  }

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * The same access with additional types. Throws `InvalidConfigValueError` if an entry has a type that nobody
   * handles.
   */
  withHandlers(handlers: ReadonlyArray<ExternalTokenHandler<unknown>>): ExternalAccess {
    const others = this.#parts.entries.filter(({ type }) => !builtInTypes.includes(type));
    const custom = others.map(({ configKey, type, options, restrictions }) => {
      const handler = handlers.find(candidate => candidate.type === type);
      if (!handler) {
        const known = [...builtInTypes, ...handlers.map(candidate => candidate.type)];
        throw new InvalidConfigValueError(
          `${configKey}.type`,
          `is '${type}', and must be one of: ${known.join(', ')}`,
        );
      }
      const context = handler.initialize({ options });
      return async (token: string) => {
        const caller = await handler.verifyToken(token, context);
        return caller && { subject: caller.subject, restrictions };
      };
    });
    return new ExternalAccess({ ...this.#parts, custom });
  }

  /** Returns the caller with this static token, synchronously. */
  findStatic(token: string): ExternalCaller | undefined {
    const { fixed } = this.#parts;
    return fixed.size > 0 ? fixed.get(hashOf(token)) : undefined;
  }

  /**
   * Returns the caller with a token of any other type. Rejects with `KeysUnavailable` if keys were missing, otherwise
   * with `TokenRejection`.
   */
  async verify(token: string): Promise<ExternalCaller> {
    const unverified = readUnverifiedToken(token);
    const fields = unverified ? describeToken(unverified) : {};
    const concerned = this.#parts.jwt.filter(access => unverified && access.concerns(unverified));
    const problems = new Map<JwtAccess, Error>();
    // First with the keys that are known, so that a token of one issuer costs no fetches at the others.
    for (const onlyIfDue of concerned.length > 1 ? [true, false] : [false]) {
      for (const access of concerned) {
        if (problems.get(access) instanceof KeysUnavailable) continue;
        try {
          return await access.verify(token, { onlyIfDue });
        } catch (error) {
          problems.set(access, toRejection(error, fields));
        }
      }
    }
    for (const verify of this.#parts.custom) {
      const caller = await verify(token);
      if (caller) return caller;
    }
    const errors = [...problems.values()];
    throw errors.find(error => error instanceof KeysUnavailable) ?? this.#rejection(errors, fields);
  }

  #rejection(problems: readonly Error[], fields: TokenRejection['fields']): TokenRejection {
    const reasons = [...new Set(problems.map(({ message }) => message))].join('; ');
    const none = `nothing accepts it: it is of no type that plugins or users have, and ${
      this.#parts.entries.length > 0
        ? 'fits no entry of backend.auth.externalAccess'
        : 'backend.auth.externalAccess has no entries'
    }${fields.iss === undefined ? '' : ` (issuer '${fields.iss as string}')`}`;
    return new TokenRejection(reasons || none, fields);
  }
}
