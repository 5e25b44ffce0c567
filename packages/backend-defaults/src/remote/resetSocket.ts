// Ends a connection without leaving to the system what has not been sent yet.
import type { Socket } from 'node:net';

/**
 * The system keeps sending what is left of a socket that is only closed, and the server may execute it long after its
 * caller was told of a failure.
 */
export function resetSocket(socket: Socket | undefined): void {
  if (!socket || socket.destroyed) return;
  try {
    socket.resetAndDestroy();
  } catch {
    // Not TCP.
    socket.destroy();
  }
}
