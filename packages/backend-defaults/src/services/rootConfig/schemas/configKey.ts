// Formats the path of a value as a configuration key.
import type { ConfigPath } from '../ConfigDocument';

/** For example `backend.auth.keys[0].secret`. */
export function configKey(path: ConfigPath): string {
  const key = path.map(step => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return key.replace(/^\./, '');
}
