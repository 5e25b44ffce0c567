// References of the services through which the engine and the default services communicate: plugin status, feature notes, startup reporting.
import { createServiceRef } from '@greenroom/backend-plugin-api/internal';
import type { BackendShutdownResult } from '../report/ShutdownResult';
import type { BackendStartupResult } from '../report/StartupResult';

/** The state of a plugin. */
export type PluginState = 'starting' | 'started' | 'failed' | 'stopping';

/** What is known about a plugin. */
export interface PluginStatus {
  status: PluginState;
  /** The error code of the failure. */
  code?: string;
  /** Whether a failed plugin is being retried. */
  retried?: boolean;
}

/** Knows the state of each plugin of this backend. Always provided by the engine. */
export interface PluginStatusService {
  /**
   * The state of a plugin: `starting` until its init and its startup hooks are done; `undefined` for an unknown id. While
   * feature loaders run, any id may become known, so all of them are `starting`.
   */
  get(pluginId: string): PluginStatus | undefined;
  /** Resolves when the plugin is no longer `starting`, or turns out to be unknown. Never rejects. */
  settled(pluginId: string): Promise<void>;
}

/** Reference of the {@link PluginStatusService}. */
export const pluginStatusServiceRef = createServiceRef<PluginStatusService>({
  id: 'greenroom.pluginStatus',
  scope: 'root',
});

/**
 * What a feature loader tells of features that it takes or leaves out: `backend.check()` gives it with severity `info`,
 * and a start goes on regardless. Always provided by the engine.
 */
export interface FeatureNotesService {
  add(note: Error & { code: string }): void;
}

/** Reference of the {@link FeatureNotesService}. */
export const featureNotesServiceRef = createServiceRef<FeatureNotesService>({
  id: 'greenroom.featureNotes',
  scope: 'root',
});

/** One step of a start, reported while the start is in progress. */
export interface StartupProgressEvent {
  kind: 'started' | 'failed' | 'skipped' | 'waiting';
  /** For example `plugin 'catalog'`. */
  subject: string;
  /** The reason, or what it is waiting for. */
  detail?: string;
  /** Milliseconds since the subject began. */
  elapsedMs: number;
}

/**
 * Shows a start to people: progress while it goes on, the summary at its end.
 * Optional: without a factory for it the engine starts silently.
 */
export interface StartupReporterService {
  /** Called when a plugin is done, and when something takes long. */
  progress(event: StartupProgressEvent): void;
  /**
   * Called once, when the start is over. What returns `false` has shown nothing: the error of a failed start that nobody
   * handles is then written to the terminal.
   */
  result(result: BackendStartupResult): void | false;
  /** Adds a line below the summary, such as an address. */
  addLine(label: string, value: string): void;
  /** Called once, when the stop sequence is over. */
  shutdown(result: BackendShutdownResult): void;
}

/** Reference of the {@link StartupReporterService}. */
export const startupReporterServiceRef = createServiceRef<StartupReporterService>({
  id: 'greenroom.startupReporter',
  scope: 'root',
});
