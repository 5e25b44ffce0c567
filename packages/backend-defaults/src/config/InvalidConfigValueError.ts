// The error for a configuration value that can be read but not used.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** A configuration value has the wrong form. */
export class InvalidConfigValueError extends GreenroomError {
  /**
   * @param key - full key of the value, such as `backend.listen.port`
   * @param problem - what is wrong, continuing a sentence: `must be a number`
   */
  constructor(key: string, problem: string, options?: { hint?: string; cause?: unknown }) {
    super({
      code: 'GR_CONFIG_VALUE',
      message: `The configuration value ${key} ${problem}`,
      hint: options?.hint ?? `Correct ${key} in the configuration files or environment variables.`,
      cause: options?.cause,
    });
  }
}
