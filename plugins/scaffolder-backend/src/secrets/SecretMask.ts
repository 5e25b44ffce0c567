// Takes secrets out of texts and values before anybody sees them.
import type { JsonObject, JsonValue } from '@backstage/types';
import type { LoggerService } from '@greenroom/backend-plugin-api';

/** Knows the secrets of one task. */
export class SecretMask {
  readonly #secrets: readonly string[];

  constructor(secrets: { readonly [name: string]: string | undefined } = {}) {
    this.#secrets = Object.values(secrets).filter(
      secret => secret !== undefined && secret !== '',
    ) as string[];
  }

  /** The text with `***` in place of each secret. */
  maskText(text: string): string {
    return this.#secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
  }

  /** The value with each text in it masked, names of fields included. */
  maskValue<T extends JsonValue | undefined>(value: T): T {
    if (typeof value === 'string') return this.maskText(value) as T;
    if (Array.isArray(value)) return value.map(item => this.maskValue(item)) as unknown as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.maskText(key), this.maskValue(item)]),
    ) as T;
  }

  /** The same logger for whoever writes to it; what it passes on is masked. */
  maskLogger(logger: LoggerService): LoggerService {
    const write =
      (level: 'error' | 'warn' | 'info' | 'debug') => (message: string, meta?: Error | JsonObject) =>
        logger[level](
          this.maskText(message),
          meta instanceof Error ? this.maskError(meta) : this.maskValue(meta),
        );
    return {
      error: write('error'),
      warn: write('warn'),
      info: write('info'),
      debug: write('debug'),
      child: meta => this.maskLogger(logger.child(this.maskValue(meta))),
    };
  }

  /** A copy of an error, its causes included, with each text masked. */
  maskError(error: Error): Error {
    const cause = error.cause instanceof Error ? this.maskError(error.cause) : undefined;
    const masked = new Error(this.maskText(error.message), { cause });
    masked.name = error.name;
    if (error.stack !== undefined) masked.stack = this.maskText(error.stack);
    return masked;
  }
}
