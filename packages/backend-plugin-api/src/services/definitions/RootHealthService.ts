// The interface of the backend's health checks.
import type { JsonValue } from '@backstage/types';

/** Answers health probes. `status` is an HTTP status code, `payload` the body. */
export interface RootHealthService {
  /** Whether the process is alive: 200, or a status that asks for a restart. */
  getLiveness(): Promise<{ status: number; payload?: JsonValue }>;
  /**
   * Whether the backend accepts requests: 200, or 503 until startup is complete, after shutdown has begun, and while a
   * check in `backend.health.required` fails.
   */
  getReadiness(): Promise<{ status: number; payload?: JsonValue }>;
}
