// Determines who opens a WebSocket.
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

/** How many of the protocols that a client offers are tried, because verifying a token takes time. */
const mostTried = 10;

/**
 * Looks for a token among the offered protocols, where browsers have to put it, and in the header. Rejects if there
 * is no valid one, unless `backend.auth.dangerouslyDisableDefaultAuthPolicy` lets everybody in.
 */
export function createWebSocketAuthentication(options: {
  auth: AuthService;
  httpAuth: HttpAuthService;
  config: RootConfigService;
}): (req: Request) => Promise<WebSocketCaller> {
  const { auth, httpAuth, config } = options;
  const allow = readPolicyDisabled(config) ? undefined : (['user', 'service'] as const);
  return async req => {
    const offered = offeredProtocols(req).slice(0, mostTried);
    const byProtocol = (protocol: string) => async () => {
      return { credentials: await auth.authenticate(protocol), authProtocol: protocol };
    };
    const byHeader = async () => {
      return { credentials: await httpAuth.credentials(req, allow && { allow: [...allow] }) };
    };
    // Anything else is probably just a protocol, and trying it as a token would log a complaint.
    const others = offered.filter(protocol => !isLikeToken(protocol));
    const attempts = [
      ...offered.filter(isLikeToken).map(byProtocol),
      byHeader,
      // Tokens that somebody has chosen are longer than names of protocols.
      ...others.sort((one, other) => other.length - one.length).map(byProtocol),
    ];
    let refusal: unknown;
    for (const attempt of attempts) {
      try {
        return await attempt();
      } catch (error) {
        refusal ??= error;
      }
    }
    throw refusal;
  };
}

function isLikeToken(protocol: string): boolean {
  return /^[^.]+\.[^.]+\.[^.]+$/.test(protocol);
}

function offeredProtocols(req: Request): string[] {
  return (req.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map(protocol => protocol.trim())
    .filter(protocol => protocol !== '');
}
