// Formats the path of a value as a configuration key.
import type { ConfigPath } from '../ConfigDocument';

/** For example `backend.auth.keys[0].secret`. */
export function configKey(path: ConfigPath): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}
