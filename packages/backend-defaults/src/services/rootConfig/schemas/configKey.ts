// Writes the path of a value as people write configuration keys.
import type { ConfigPath } from '../ConfigDocument';

/** `backend.auth.keys[0].secret`. */
export function configKey(path: ConfigPath): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}
