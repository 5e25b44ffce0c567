// Connects backends to the process: signals stop them all, fatal errors reach their logs. Keeps one set of listeners a process.

/** What a backend wants to be told by the process. */
export interface ProcessParticipant {
  /** Stops the backend; resolves with whether all of it stopped cleanly. */
  stop(): Promise<boolean>;
  /** Logs an error that nobody caught. Returns false where it can't. */
  logFatal(message: string, error: unknown): boolean;
  /** Called when nothing is left to do in the process. */
  onIdle(): void;
}

const participants = new Set<ProcessParticipant>();
let removeListeners: (() => void) | undefined;

/** Adds a backend; returns the function that removes it again, and with the last one every listener. */
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

function addListeners(): () => void {
  let signals = 0;

  const onSignal = () => {
    signals += 1;
    // The second one is a person's impatience or a process group's echo: the drain goes on. The third is meant.
    if (signals === 1) void stopAll();
    else if (signals >= 3) process.exit(1);
  };
  const stopAll = async () => {
    const clean = await Promise.all([...participants].map(participant => participant.stop()));
    process.exit(clean.every(Boolean) ? 0 : 1);
  };
  const onFatal = (message: string) => (error: unknown) => {
    const logged = [...participants].some(participant => participant.logFatal(message, error));
    if (!logged) console.error(`${message}:`, error);
  };
  const onRejection = onFatal('Unhandled rejection');
  const onException = onFatal('Uncaught exception');
  const onIdle = () => participants.forEach(participant => participant.onIdle());

  process.on('SIGTERM', onSignal).on('SIGINT', onSignal).on('beforeExit', onIdle);
  // A test runner reports these itself.
  const fatal = process.env.NODE_ENV !== 'test';
  if (fatal) process.on('unhandledRejection', onRejection).on('uncaughtException', onException);
  return () => {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal).off('beforeExit', onIdle);
    if (fatal) process.off('unhandledRejection', onRejection).off('uncaughtException', onException);
  };
}
