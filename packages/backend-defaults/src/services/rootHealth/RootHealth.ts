// Answers whether the backend is alive and ready for requests.
import type { RootHealthService } from '@greenroom/backend-plugin-api';
import type { BackendPhase } from '../rootLifecycle/RootLifecycle';
import type { HealthContributor } from './HealthChecks';

/** The response to a probe. */
export interface HealthAnswer {
  status: number;
  payload: {
    status: 'ok' | 'degraded' | 'error';
    message?: string;
    contributors?: Array<{ name: string; status: HealthContributor['status'] }>;
  };
}

/** Options of {@link RootHealth}. */
export interface RootHealthOptions {
  /** The health of the parts of the backend. Default: none. */
  contributors?(): Promise<HealthContributor[]>;
  /** Names of contributors without which the backend is not ready; a trailing `*` stands for any text. Default: none. */
  required?: readonly string[];
}

const ok: HealthAnswer = { status: 200, payload: { status: 'ok' } };

const notReady: Record<Exclude<BackendPhase, 'started'>, HealthAnswer> = {
  starting: { status: 503, payload: { status: 'error', message: 'The backend has not started yet' } },
  stopping: { status: 503, payload: { status: 'error', message: 'The backend is shutting down' } },
};

/**
 * Always alive; ready while started and everything required is well. Other failures only show as `degraded`.
 *
 * @public
 */
export class RootHealth implements RootHealthService {
  readonly #phase: () => BackendPhase;
  readonly #contributors: () => Promise<HealthContributor[]>;
  readonly #required: readonly string[];

  /** @param phase - asked for every readiness probe */
  constructor(phase: () => BackendPhase, options: RootHealthOptions = {}) {
    this.#phase = phase;
    this.#contributors = options.contributors ?? (async () => []);
    this.#required = options.required ?? [];
  }

  async getLiveness(): Promise<HealthAnswer> {
    return ok;
  }

  /** @param options - `verbose` lists the contributors even if all of them are well. */
  async getReadiness(options: { verbose?: boolean } = {}): Promise<HealthAnswer> {
    const phase = this.#phase();
    if (phase !== 'started') {
      return notReady[phase];
    }
    const contributors = await this.#contributors();
    const unwell = contributors.filter(({ status }) => status !== 'ok');
    if (unwell.length === 0) {
      return options.verbose ? { status: 200, payload: { status: 'ok', contributors } } : ok;
    }
    const missing = unwell.filter(({ name }) => this.#isRequired(name)).map(({ name }) => name);
    if (missing.length === 0) {
      return { status: 200, payload: { status: 'degraded', contributors } };
    }
    const message = `Not ready without ${missing.join(', ')}`;
    return { status: 503, payload: { status: 'error', message, contributors } };
  }

  #isRequired(name: string): boolean {
    return this.#required.some(pattern =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
    );
  }
}
