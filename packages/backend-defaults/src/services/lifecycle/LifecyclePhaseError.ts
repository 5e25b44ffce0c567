// The error for a hook that is added after its phase has begun.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** The phases in which hooks run. */
export type LifecyclePhase = 'startup' | 'beforeShutdown' | 'shutdown';

const phaseNames: Record<LifecyclePhase, string> = {
  startup: 'startup',
  beforeShutdown: 'before-shutdown',
  shutdown: 'shutdown',
};

/** A lifecycle hook was added too late: its phase has begun, so the hook would never run. */
export class LifecyclePhaseError extends GreenroomError {
  constructor(owner: string, phase: LifecyclePhase) {
    super({
      code: 'GR_LIFECYCLE_PHASE',
      message: `A ${phaseNames[phase]} hook of ${owner} was added after the ${phaseNames[phase]} phase had begun, so it would never run`,
      hint: `Add it while ${owner} initialises: in a service factory, in a module or in the plugin's init, not from a hook or a request.`,
    });
  }
}
