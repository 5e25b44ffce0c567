// Answers whether the backend is alive and ready for requests.
import type { RootHealthService } from '@greenroom/backend-plugin-api';
import type { BackendPhase } from '../rootLifecycle/RootLifecycle';

interface HealthAnswer {
  status: number;
  payload: { status: string; message?: string };
}

const ok: HealthAnswer = { status: 200, payload: { status: 'ok' } };

const notReady: Record<Exclude<BackendPhase, 'started'>, HealthAnswer> = {
  starting: { status: 503, payload: { status: 'error', message: 'The backend has not started yet' } },
  stopping: { status: 503, payload: { status: 'error', message: 'The backend is shutting down' } },
};

/**
 * Health as the phase of the backend tells it: alive always, ready only while started.
 *
 * @public
 */
export class RootHealth implements RootHealthService {
  readonly #phase: () => BackendPhase;

  /** @param phase - asked for every readiness probe */
  constructor(phase: () => BackendPhase) {
    this.#phase = phase;
  }

  async getLiveness() {
    return ok;
  }

  async getReadiness() {
    const phase = this.#phase();
    return phase === 'started' ? ok : notReady[phase];
  }
}
