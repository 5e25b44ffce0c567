// Tells who a caller from outside is, by all entries of `backend.auth.externalAccess`.
import { InvalidConfigValueError } from '../../../InvalidConfigValueError';
import type { ExternalAccessEntry } from '../config';
import { describeToken, readUnverifiedToken } from '../UnverifiedToken';
import { KeysUnavailable, TokenRejection, toRejection } from '../TokenRejection';
import type { ExternalCaller } from './ExternalCaller';
import type { ExternalTokenHandler } from './ExternalTokenHandler';
import { JwksAccess } from './JwksAccess';
import { LegacyAccess } from './LegacyAccess';
import { hashOf, readStaticCallers } from './staticAccess';

const builtInTypes = ['static', 'jwks', 'legacy'];

/**
 * The access from outside that the configuration gives. Read once for all plugins; `withHandlers` adds what one plugin
 * has on top.
 */
export class ExternalAccess {
  readonly #entries: readonly ExternalAccessEntry[];
  readonly #static: ReadonlyMap<string, ExternalCaller>;
  readonly #jwt: ReadonlyArray<JwksAccess | LegacyAccess>;
  readonly #custom: ReadonlyArray<(token: string) => Promise<ExternalCaller | undefined>>;

  /** Throws `InvalidConfigValueError` for an entry that can't be used. */
  static read(entries: readonly ExternalAccessEntry[]): ExternalAccess {
    const jwt = entries.flatMap((entry): Array<JwksAccess | LegacyAccess> => {
      if (entry.type === 'jwks') return [new JwksAccess(entry)];
      return entry.type === 'legacy' ? [new LegacyAccess(entry)] : [];
    });
    return new ExternalAccess(entries, readStaticCallers(entries), jwt, []);
  }

  private constructor(
    entries: readonly ExternalAccessEntry[],
    staticCallers: ReadonlyMap<string, ExternalCaller>,
    jwt: ReadonlyArray<JwksAccess | LegacyAccess>,
    custom: ReadonlyArray<(token: string) => Promise<ExternalCaller | undefined>>,
  ) {
    this.#entries = entries;
    this.#static = staticCallers;
    this.#jwt = jwt;
    this.#custom = custom;
  }

  /** The same access with further types. Throws `InvalidConfigValueError` for an entry whose type nobody handles. */
  withHandlers(handlers: ReadonlyArray<ExternalTokenHandler<unknown>>): ExternalAccess {
    const others = this.#entries.filter(({ type }) => !builtInTypes.includes(type));
    if (others.length === 0) {
      return this;
    }
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
    return new ExternalAccess(this.#entries, this.#static, this.#jwt, custom);
  }

  /** The caller with a fixed token, without any waiting. */
  findStatic(token: string): ExternalCaller | undefined {
    return this.#static.size > 0 ? this.#static.get(hashOf(token)) : undefined;
  }

  /** The caller with any other token. Rejects with `TokenRejection`, or `KeysUnavailable` if that decides. */
  async verify(token: string): Promise<ExternalCaller> {
    const unverified = readUnverifiedToken(token);
    const fields = unverified ? describeToken(unverified) : {};
    const problems: Error[] = [];
    for (const access of this.#jwt) {
      if (!unverified || !access.concerns(unverified)) {
        continue;
      }
      try {
        return await access.verify(token);
      } catch (error) {
        const problem = toRejection(error, fields);
        if (!(problem instanceof TokenRejection || problem instanceof KeysUnavailable)) {
          throw error;
        }
        problems.push(problem);
      }
    }
    for (const verify of this.#custom) {
      const caller = await verify(token);
      if (caller) {
        return caller;
      }
    }
    throw problems.find(problem => problem instanceof KeysUnavailable) ?? this.#rejection(problems, fields);
  }

  #rejection(problems: readonly Error[], fields: TokenRejection['fields']): TokenRejection {
    const reasons = [...new Set(problems.map(({ message }) => message))].join('; ');
    const none = `nothing accepts it: it is of no type that plugins or users have, and ${
      this.#entries.length > 0
        ? 'fits no entry of backend.auth.externalAccess'
        : 'backend.auth.externalAccess has no entries'
    }${fields.iss === undefined ? '' : ` (issuer '${fields.iss as string}')`}`;
    return new TokenRejection(reasons || none, fields);
  }
}
