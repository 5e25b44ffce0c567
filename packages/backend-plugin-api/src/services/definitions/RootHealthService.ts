// The interface of the backend's health checks.
import type { JsonValue } from '@backstage/types';

/** Answers the probes of whatever runs the backend. `status` is an HTTP status code, `payload` the body. */
export interface RootHealthService {
  /** Whether the process is alive: 200, or a code that asks for a restart. */
  getLiveness(): Promise<{ status: number; payload?: JsonValue }>;
  /** Whether to send requests: 200, or 503 before the start is complete and once the shutdown has begun. */
  getReadiness(): Promise<{ status: number; payload?: JsonValue }>;
}
