// Callers from outside who show a fixed token.
import { hash } from 'node:crypto';
import { InvalidConfigValueError } from '../../../InvalidConfigValueError';
import type { ExternalAccessEntry } from '../config';
import type { ExternalCaller } from './ExternalCaller';

/** The callers by the hash of their tokens, so that how long a look-up takes tells nothing about a token. */
export function readStaticCallers(entries: readonly ExternalAccessEntry[]): Map<string, ExternalCaller> {
  const callers = new Map<string, ExternalCaller>();
  for (const { configKey, options, restrictions } of entries.filter(({ type }) => type === 'static')) {
    const token = options.getString('token');
    if (/\s/.test(token)) {
      throw new InvalidConfigValueError(`${configKey}.options.token`, 'must be text without blanks');
    }
    const key = hashOf(token);
    if (callers.has(key)) {
      throw new InvalidConfigValueError(`${configKey}.options.token`, 'is the token of an entry before it');
    }
    const subject = readSubject(options.getString('subject'), `${configKey}.options.subject`);
    callers.set(key, { subject, restrictions });
  }
  return callers;
}

/** What {@link readStaticCallers} keeps a token by. */
export function hashOf(token: string): string {
  return hash('sha256', token, 'base64');
}

/** A subject from the configuration, which has no blanks. */
export function readSubject(subject: string, key: string): string {
  if (/\s/.test(subject)) {
    throw new InvalidConfigValueError(key, `is '${subject}', and must have no blanks`);
  }
  return subject;
}
