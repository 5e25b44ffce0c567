// Connects backends to the process: signals stop them all, fatal errors are logged. Keeps a single set of listeners.
import { inspect } from 'node:util';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { askable, readable, reasonOf } from '../errors';
import { pluginOfError, withCauses } from './pluginOfError';

/** What a backend offers to the process. */
export interface ProcessParticipant {
  /** Stops the backend. Resolves with whether it started and stopped cleanly. */
  stop(): Promise<boolean>;
  hasPlugin(pluginId: string): boolean;
  /** The logger for uncaught errors, if there is one yet. */
  logger(): LoggerService | undefined;
  /** Called when the process has nothing left to do. */
  onIdle(): void;
}

/** What is known about the error of a failed start. */
export interface StartFailure {
  /** Whether it has been reported already. */
  readonly shown: boolean;
  /** Whether the start only failed because it was stopped. */
  readonly stopped: boolean;
}

const participants = new Set<ProcessParticipant>();
let removeListeners: (() => void) | undefined;
const startFailures = new WeakMap<object, StartFailure>();

/** Adds a backend. Returns a function that removes it; removing the last one removes all listeners. */
export function addProcessParticipant(participant: ProcessParticipant): () => void {
  participants.add(participant);
  removeListeners ??= addListeners();
  return () => {
    participants.delete(participant);
    if (participants.size > 0) return;
    removeListeners?.();
    removeListeners = undefined;
  };
}

/** Remembers how to handle the error of a start if nobody else does. */
export function noteStartFailure(error: Error, failure: StartFailure): void {
  startFailures.set(error, failure);
}

/** Called once somebody else has handled it. */
export function forgetStartFailure(error: Error): void {
  startFailures.delete(error);
}

function addListeners(): () => void {
  let signals = 0;
  let clean = true;
  let ending = false;

  const onSignal = () => {
    signals += 1;
    // The second signal is impatience, or an echo to the process group: the drain goes on. The third one is meant.
    if (signals >= 3) process.exit(1);
    void end();
  };
  const end = async () => {
    if (ending) return;
    ending = true;
    const asked = new Set<ProcessParticipant>();
    // Repeats until none is left: another backend may have been started in the meantime.
    for (let left = [...participants]; left.length > 0;) {
      left.forEach(participant => asked.add(participant));
      const stopped = await Promise.all(left.map(participant => participant.stop().catch(() => false)));
      clean &&= stopped.every(Boolean);
      left = [...participants].filter(participant => !asked.has(participant));
    }
    process.exit(clean ? process.exitCode : 1);
  };
  const onFatal = (message: string) => (error: unknown) => {
    const own = startFailures.get(error as object);
    // Whoever caught a failure may have thrown another error because of it.
    const failure = withCauses(askable(error))
      .map(one => startFailures.get(one))
      .find(Boolean);
    if (!own) logFatal(message, error);
    // A start that was stopped on purpose is not a failure of the process.
    if (!failure || failure.stopped) return;
    if (own && !own.shown) process.stderr.write(`${(error as Error).message}\n`);
    clean = false;
    void end();
  };

  const listeners = {
    SIGTERM: onSignal,
    SIGINT: onSignal,
    beforeExit: () => participants.forEach(participant => participant.onIdle()),
    // A test runner reports these itself.
    ...(process.env.NODE_ENV !== 'test' && {
      unhandledRejection: onFatal('Unhandled rejection'),
      uncaughtException: onFatal('Uncaught exception'),
    }),
  };
  for (const [event, listener] of Object.entries(listeners)) process.on(event, listener);
  return () => {
    for (const [event, listener] of Object.entries(listeners)) process.off(event, listener);
  };
}

/** When a failed write was last logged, in terms of performance.now(). */
let lastWrite = -Infinity;

/** Uses the logger of the backend with the plugin that caused the error, if known; otherwise the first one available. */
function logFatal(message: string, thrown: unknown): void {
  const error = askable(thrown);
  if (readable(() => (error as NodeJS.ErrnoException | undefined)?.syscall, undefined) === 'write') {
    const now = performance.now();
    // Writing the log may have failed, and so would writing that, without end.
    if (now - lastWrite < 1_000) return;
    lastWrite = now;
  }
  const all = [...participants];
  const pluginId = pluginOfError(error, id => all.some(participant => participant.hasPlugin(id)));
  const owners = pluginId === undefined ? [] : all.filter(participant => participant.hasPlugin(pluginId));
  const root = [...owners, ...all].map(participant => participant.logger()).find(logger => logger);
  const logger = pluginId === undefined ? root : root?.child({ plugin: pluginId });
  if (!logger) process.stderr.write(`${message}: ${inspect(error)}\n`);
  else if (error instanceof Error) logger.error(message, error);
  else logger.error(`${message}: ${reasonOf(error)}`);
}
