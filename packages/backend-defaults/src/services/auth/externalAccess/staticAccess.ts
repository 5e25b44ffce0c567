// External callers who present a fixed token.
import { hash } from 'node:crypto';
import { InvalidConfigValueError } from '../../../config/InvalidConfigValueError';
import type { ExternalAccessEntry } from '../config';
import type { ExternalCaller } from './ExternalCaller';

/** Indexes callers by the hash of their tokens, so that the time of a lookup reveals nothing about a token. */
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

/** The key that {@link readStaticCallers} stores a token under. */
export function hashOf(token: string): string {
  return hash('sha256', token, 'base64');
}

/** Returns a configured subject. Throws `InvalidConfigValueError` if it contains whitespace. */
export function readSubject(subject: string, key: string): string {
  if (/\s/.test(subject)) {
    throw new InvalidConfigValueError(key, `is '${subject}', and must have no blanks`);
  }
  return subject;
}
