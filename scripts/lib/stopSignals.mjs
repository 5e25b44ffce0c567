// How a command under npm learns that it is to stop: by a key, by a signal, or by the end of the shell it runs in.

/**
 * Calls `stop` with SIGINT or SIGTERM each time somebody asks for a stop. A key press that arrives twice, from the terminal
 * and once more from npm, counts once.
 */
export function onStopSignals(stop) {
  const once = (signal, asked) => {
    let lastSeen = -Infinity;
    process.on(signal, () => {
      const now = performance.now();
      // The same key press arrives twice within milliseconds; a person who presses again means it.
      const isEcho = now - lastSeen < 300;
      lastSeen = now;
      if (!isEcho) stop(asked);
    });
  };
  once('SIGINT', 'SIGINT');
  once('SIGTERM', 'SIGTERM');
  once('SIGHUP', 'SIGTERM');
  if (process.env.npm_lifecycle_event?.startsWith('start')) onShellGone(() => stop('SIGTERM'));
}

// npm passes SIGTERM to the shell between itself and this process, and no further: without this, ending npm would
// leave the backend running. The script in package.json makes that shell ignore SIGINT for a like reason: some
// shells would report 130 for a Ctrl-C even though the backend stopped cleanly with 0.
function onShellGone(stop) {
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    stop();
  }, 250);
  // It must not keep a process that has nothing else to do.
  watch.unref();
}
