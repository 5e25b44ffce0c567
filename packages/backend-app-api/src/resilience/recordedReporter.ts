// A startup reporter for tests, which records what it receives.
import type { ServiceFactory } from '@greenroom/backend-plugin-api';
import {
  startupReporterServiceRef,
  type BackendShutdownResult,
  type BackendStartupResult,
  type StartupProgressEvent,
  type StartupReporterService,
} from '..';
import { provide } from '../scenarios/backendFixture';

/** The factory goes into a backend; the rest fills while it starts and stops. */
export function recordedReporter() {
  const events: StartupProgressEvent[] = [];
  const results: BackendStartupResult[] = [];
  const shutdowns: BackendShutdownResult[] = [];
  const reporter: StartupReporterService = {
    progress: event => void events.push(event),
    result: result => void results.push(result),
    addLine: () => {},
    shutdown: result => void shutdowns.push(result),
  };
  const factory: ServiceFactory = provide(startupReporterServiceRef, () => reporter);
  /** Whatever was told to be waited for, as `subject: detail`, in order. */
  const waits = () =>
    events.filter(({ kind }) => kind === 'waiting').map(({ subject, detail }) => `${subject}: ${detail}`);
  return { events, results, shutdowns, waits, factory };
}
