// Ends a connection without leaving to the system what has not been sent yet.
import type { Socket } from 'node:net';

/** The part of a socket that is needed here. */
export type ResettableSocket = Pick<Socket, 'destroyed' | 'resetAndDestroy' | 'writableEnded'> & {
  destroy(): void;
};

/**
 * The system keeps sending what is left of a socket that is only closed, and the server may execute it long after its
 * caller was told of a failure.
 */
export function resetSocket(socket: ResettableSocket | undefined): void {
  if (!socket || socket.destroyed) return;
  // One that is being ended can't be reset: it would stay open for ever, and keep the process alive.
  if (socket.writableEnded) {
    socket.destroy();
    return;
  }
  try {
    socket.resetAndDestroy();
  } catch {
    // Not TCP.
    socket.destroy();
  }
}
