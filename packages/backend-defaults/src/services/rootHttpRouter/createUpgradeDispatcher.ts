// Gives upgrade requests to who claims their path, and answers those that nobody claims like any other request.
import { toError } from '@backstage/errors';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Request, RequestHandler, Response } from 'express';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { requestId } from './requestId';
import { passes, runChain, type ChainHandler } from './runChain';
import type { UpgradeRoutes } from './UpgradeRoutes';

/** How long a connection may lie unused that nobody here took, in case another listener of the server has it. */
const unclaimedTimeout = 30_000;

/** How many headers of a request Node keeps where `server.maxHeadersCount` says nothing. */
const nodesMaxHeaders = 1_000;

/** What {@link createUpgradeDispatcher} works with. */
export interface UpgradeDispatcherOptions {
  upgrades: UpgradeRoutes;
  server: Server;
  responseClass: typeof ServerResponse;
  logger: LoggerService;
  /** Parses the query of a URL, for `req.query`. */
  readQuery(url: string): Request['query'];
  /** Has a say before who claims the path; by what it gives to `next` the request is refused. */
  admit?: RequestHandler;
  /** Handlers that log a request and answer it with an error. */
  refuse(error: unknown): readonly ChainHandler[];
}

/**
 * A listener for a server's `upgrade` event, which gives WebSockets to who claims their path. Without a listener, Node serves
 * such requests as if they asked for no upgrade, so it belongs on the server only once there is somebody to upgrade for.
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
    // Servers of HTTP and of HTTPS give sockets; the type leaves room for others.
    const socket = stream as Socket;
    const req = message as unknown as Request;
    req.query = options.readQuery(req.url);
    // A connection that breaks must not end the process, whoever has it.
    socket.on('error', () => socket.destroy());
    if (!mayUpgrade(req, server, upgrades)) {
      serveAsPlain(server, req, socket, head);
    } else if (upgrades.find(req.url)) {
      void give(req, socket, head);
    } else {
      destroyUnlessUsed(socket);
    }
  };
}

/** Whether somebody may take the connection of a request that asks for another protocol. */
function mayUpgrade(req: IncomingMessage, server: Server, upgrades: UpgradeRoutes): boolean {
  // Clients that would like to go on with HTTP/2 are content with an answer.
  const forWebSocket = req.headers.upgrade?.toLowerCase() === 'websocket';
  return forWebSocket && (server.listenerCount('upgrade') > 1 || upgrades.find(req.url!) !== undefined);
}

// There, a dispatcher could not give it back.
const bodyComesByRequest = Number.parseInt(process.versions.node, 10) >= 26;

/**
 * Whether Node is to give a request that asks for another protocol to listeners of `upgrade`, or to serve it as a plain one. That
 * loses what a client sends right behind it, and so is done with bodies alone.
 */
export function isForDispatcher(req: IncomingMessage, server: Server, upgrades: UpgradeRoutes): boolean {
  if (!bodyComesByRequest || !upgrades.isUsed) return server.listenerCount('upgrade') > 0;
  const hasBody = 'transfer-encoding' in req.headers || Number(req.headers['content-length'] ?? 0) > 0;
  return !hasBody || mayUpgrade(req, server, upgrades);
}

/** Gives the server its connection back, with the request as it would be without the wish to upgrade, body and all. */
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
  server.emit('encrypted' in socket ? 'secureConnection' : 'connection', socket);
}

/**
 * Whether there are as many headers as Node keeps. It leaves out more of them, and if one was the length of the body, that
 * would be taken for a request of its own.
 */
function lacksHeaders({ maxHeadersCount }: Server, { rawHeaders }: Request): boolean {
  const most = maxHeadersCount ?? nodesMaxHeaders;
  return most > 0 && rawHeaders.length >= 2 * most;
}

function withoutUpgrade(connection: string): string {
  const tokens = connection.split(',').map(token => token.trim());
  return tokens.filter(token => !/^(upgrade|http2-settings)$/i.test(token)).join(', ') || 'keep-alive';
}

/** Lets a response go to a connection that Node has let go of. */
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
