// Reads whether the spans of plugins identify users.
import type { Config } from '@backstage/config';

/** Whether spans identify the end user, from `backend.tracing.capture.endUser`. Default `false`. */
export function readCaptureEndUser(config: Config): boolean {
  return config.getOptionalBoolean('backend.tracing.capture.endUser') ?? false;
}
