// Gives upgrade requests to who claims their path, and answers those that nobody claims like any other request.
import { toError } from '@backstage/errors';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Request, Response } from 'express';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { requestId } from './requestId';
import { runChain, type ChainHandler } from './runChain';
import type { UpgradeRoutes } from './UpgradeRoutes';

/** How long a connection may lie unused that nobody here took, in case another listener of the server has it. */
const unclaimedTimeout = 30_000;

/** What {@link createUpgradeDispatcher} works with. */
export interface UpgradeDispatcherOptions {
  upgrades: UpgradeRoutes;
  server: Server;
  responseClass: typeof ServerResponse;
  logger: LoggerService;
  /** Handlers that log a request and answer it with an error. */
  refuse(error: unknown): readonly ChainHandler[];
}

/**
 * A listener for a server's `upgrade` event. Without any, Node serves such requests as if they asked for no upgrade, so it
 * belongs on the server only once there is somebody to upgrade for.
 */
export function createUpgradeDispatcher(
  options: UpgradeDispatcherOptions,
): (message: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const { upgrades, server, responseClass, logger, refuse } = options;

  async function give(req: Request, socket: Socket, head: Buffer): Promise<void> {
    const { bytesWritten } = socket;
    const { listener, prefix } = upgrades.find(req.url)!;
    req.originalUrl = req.url;
    req.baseUrl = prefix;
    const rest = req.url.slice(prefix.length);
    req.url = rest.startsWith('/') ? rest : `/${rest}`;
    try {
      await listener(req, socket, head);
    } catch (thrown) {
      if (socket.bytesWritten === bytesWritten && socket.writable) {
        req.url = req.originalUrl;
        runChain(refuse(thrown), req, attachResponse(req, socket, responseClass), () => socket.destroy());
      } else {
        logger.error(`Upgrade failed: ${req.method} ${req.originalUrl}`, toError(thrown) as Error);
        socket.destroy();
      }
      return;
    }
    const { method, originalUrl: url } = req;
    logger.info(`${method} ${url} 101`, {
      type: 'request',
      method,
      url,
      status: 101,
      requestId: requestId(req),
    });
  }

  return (message, stream, head) => {
    // Servers of HTTP and of HTTPS give sockets; the type leaves room for others.
    const socket = stream as Socket;
    const req = message as unknown as Request;
    // A connection that breaks must not end the process, whoever has it.
    socket.on('error', () => socket.destroy());
    if (upgrades.find(req.url)) {
      void give(req, socket, head);
    } else if (server.listenerCount('upgrade') > 1) {
      destroyUnlessUsed(socket);
    } else if (head.length > 0) {
      // The parser has let go of the connection, so a body can't be read any more.
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    } else {
      server.emit('request', req, attachResponse(req, socket, responseClass));
    }
  };
}

/** A response for a connection that Node has let go of. */
function attachResponse(req: Request, socket: Socket, responseClass: typeof ServerResponse): Response {
  const res = new responseClass(req) as unknown as Response;
  res.shouldKeepAlive = false;
  res.assignSocket(socket);
  req.res = res;
  res.once('finish', () => {
    res.detachSocket(socket);
    socket.end(() => res.emit('close'));
  });
  return res;
}

function destroyUnlessUsed(socket: Socket): void {
  const { bytesWritten } = socket;
  const timer = setTimeout(() => {
    if (socket.bytesWritten === bytesWritten) {
      socket.destroy();
    }
  }, unclaimedTimeout).unref();
  socket.once('close', () => clearTimeout(timer));
}
