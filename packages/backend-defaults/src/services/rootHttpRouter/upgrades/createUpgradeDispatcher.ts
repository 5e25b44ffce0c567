// Passes upgrade requests to the listener of their path, and answers those without one like any other request.
import { toError } from '@backstage/errors';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Request, RequestHandler, Response } from 'express';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { requestId } from '../requestId';
import { passes, runChain, type ChainHandler } from '../runChain';
import type { UpgradeRoutes } from './UpgradeRoutes';

/** Milliseconds after which an unclaimed connection is closed if no other listener of the server has used it. */
const unclaimedTimeout = 30_000;

/** How many headers of a request Node keeps if `server.maxHeadersCount` is not set. */
const nodesMaxHeaders = 1_000;

/** Options of {@link createUpgradeDispatcher}. */
export interface UpgradeDispatcherOptions {
  upgrades: UpgradeRoutes;
  server: Server;
  responseClass: typeof ServerResponse;
  logger: LoggerService;
  /** Parses the query of a URL, for `req.query`. */
  readQuery(url: string): Request['query'];
  /** Runs before the listener of the path. If it passes an error to `next`, the request is refused with that. */
  admit?: RequestHandler;
  /** Handlers that log a request and answer it with an error. */
  refuse(error: unknown): readonly ChainHandler[];
}

/**
 * A listener for a server's `upgrade` event that passes WebSockets to the listener of their path. Without it, Node
 * serves such requests as if they asked for no upgrade, so add it only once there is something to upgrade to.
 */
export function createUpgradeDispatcher(
  options: UpgradeDispatcherOptions,
): (message: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const { upgrades, server, responseClass, logger, admit, refuse } = options;

  async function give(req: Request, socket: Socket, head: Buffer): Promise<void> {
    const { bytesWritten } = socket;
    const { listener, prefix } = upgrades.find(req.url)!;
    const res = new responseClass(req) as unknown as Response;
    req.originalUrl = req.url;
    try {
      if (admit) await passes([admit], req, res);
      req.baseUrl = prefix;
      const rest = req.url.slice(prefix.length);
      req.url = rest.startsWith('/') ? rest : `/${rest}`;
      await listener(req, socket, head);
    } catch (thrown) {
      if (socket.bytesWritten === bytesWritten && socket.writable) {
        req.url = req.originalUrl;
        attachResponse(req, res, socket);
        runChain(refuse(thrown), req, res, () => socket.destroy());
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
    // HTTP and HTTPS servers pass sockets; the type allows for other streams.
    const socket = stream as Socket;
    const req = message as unknown as Request;
    req.query = options.readQuery(req.url);
    // A broken connection must not end the process, whoever owns it.
    socket.on('error', destroyBroken);
    if (!mayUpgrade(req, server, upgrades)) {
      serveAsPlain(server, req, socket, head);
    } else if (upgrades.find(req.url)) {
      void give(req, socket, head);
    } else {
      destroyUnlessUsed(socket);
    }
  };
}

/** Whether anybody may take over the connection of a request for another protocol. */
function mayUpgrade(req: IncomingMessage, server: Server, upgrades: UpgradeRoutes): boolean {
  // Clients that offer to continue with HTTP/2 are content with a plain response.
  const forWebSocket = req.headers.upgrade?.toLowerCase() === 'websocket';
  return forWebSocket && (server.listenerCount('upgrade') > 1 || upgrades.find(req.url!) !== undefined);
}

// From Node 26 on, a dispatcher could not hand the body back to the server.
const bodyComesByRequest = Number.parseInt(process.versions.node, 10) >= 26;

/**
 * Whether Node should pass a request for another protocol to `upgrade` listeners, or else serve it as a plain one.
 * The latter loses what a client sends right after the request, so it is only done if there is a body.
 */
export function isForDispatcher(req: IncomingMessage, server: Server, upgrades: UpgradeRoutes): boolean {
  if (!bodyComesByRequest || !upgrades.isUsed) return server.listenerCount('upgrade') > 0;
  const hasBody = 'transfer-encoding' in req.headers || Number(req.headers['content-length'] ?? 0) > 0;
  return !hasBody || mayUpgrade(req, server, upgrades);
}

function destroyBroken(this: Socket): void {
  this.destroy();
}

/** Hands the connection back to the server, with the whole request except for its wish to upgrade. */
function serveAsPlain(server: Server, req: Request, socket: Socket, head: Buffer): void {
  if (lacksHeaders(server, req)) {
    socket.end(
      'HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    );
    return;
  }
  const lines = [`${req.method} ${req.url} HTTP/${req.httpVersion}`];
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const [name, value] = [req.rawHeaders[i]!, req.rawHeaders[i + 1]!];
    if (!/^(upgrade|http2-settings)$/i.test(name)) {
      lines.push(`${name}: ${/^connection$/i.test(name) ? withoutUpgrade(value) : value}`);
    }
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  // The server listens for itself again.
  socket.off('error', destroyBroken);
  server.emit('encrypted' in socket ? 'secureConnection' : 'connection', socket);
}

/**
 * Whether there are as many headers as Node keeps. Node drops any others, and if one of them was the length of the
 * body, the body would be taken for another request.
 */
function lacksHeaders({ maxHeadersCount }: Server, { rawHeaders }: Request): boolean {
  const most = maxHeadersCount ?? nodesMaxHeaders;
  return most > 0 && rawHeaders.length >= 2 * most;
}

function withoutUpgrade(connection: string): string {
  const tokens = connection.split(',').map(token => token.trim());
  return tokens.filter(token => !/^(upgrade|http2-settings)$/i.test(token)).join(', ') || 'keep-alive';
}

/** Lets a response use a connection that Node has released. */
function attachResponse(req: Request, res: Response, socket: Socket): void {
  res.shouldKeepAlive = false;
  res.assignSocket(socket);
  req.res = res;
  res.once('finish', () => {
    res.detachSocket(socket);
    socket.end(() => res.emit('close'));
  });
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
