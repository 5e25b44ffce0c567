// Finds out who opens a WebSocket.
import type {
  AuthService,
  HttpAuthService,
  HttpRouterServiceWebSocketContext,
  RootConfigService,
} from '@greenroom/backend-plugin-api';
import type { Request } from 'express';
import { readPolicyDisabled } from '../auth/config';

/** Who opens a WebSocket. */
export type WebSocketCaller = Pick<HttpRouterServiceWebSocketContext, 'credentials' | 'authProtocol'>;

/** How many of the protocols that a client offers may be its token: every one that looks like a token is verified. */
const mostTried = 10;

/**
 * Looks for a token among the offered protocols, where browsers have to put it, then in the header. Rejects where there is
 * none that holds, unless `backend.auth.dangerouslyDisableDefaultAuthPolicy` lets in everybody.
 */
export function createWebSocketAuthentication(options: {
  auth: AuthService;
  httpAuth: HttpAuthService;
  config: RootConfigService;
}): (req: Request) => Promise<WebSocketCaller> {
  const { auth, httpAuth, config } = options;
  const allow = readPolicyDisabled(config) ? undefined : (['user', 'service'] as const);
  return async req => {
    let refusal: unknown;
    for (const protocol of offeredProtocols(req).slice(0, mostTried)) {
      try {
        return { credentials: await auth.authenticate(protocol), authProtocol: protocol };
      } catch (error) {
        // Most protocols are no tokens; what is wrong with one that has the form of a token is worth telling.
        if (/^[^.]+\.[^.]+\.[^.]+$/.test(protocol)) refusal ??= error;
      }
    }
    if (refusal && !req.headers.authorization && allow) throw refusal;
    return { credentials: await httpAuth.credentials(req, allow && { allow: [...allow] }) };
  };
}

function offeredProtocols(req: Request): string[] {
  return (req.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map(protocol => protocol.trim())
    .filter(protocol => protocol !== '');
}
