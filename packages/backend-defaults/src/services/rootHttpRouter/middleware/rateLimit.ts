// Limits how many requests a client may make, in total and to single plugins.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Request, RequestHandler } from 'express';
import type { Options, RateLimitRequestHandler, Store } from 'express-rate-limit';
import { BlockList, isIPv6 } from 'node:net';
import { pluginOfUrl } from '../pluginOfUrl';
import type { RateLimitSettings, RateLimitsSettings } from '../rateLimit/rateLimitConfig';
import { RateLimitExceededError } from '../rateLimit/rateLimitErrors';
import { runChain } from '../runChain';

/** The middleware and a way to close what it keeps open. */
export interface RateLimitMiddleware {
  handler: RequestHandler;
  /** Closes the connection to the store. */
  close(): Promise<void>;
}

/** Creates the middleware. Rejects with `RateLimitStoreMissingError`. */
export async function createRateLimitMiddleware(
  settings: RateLimitsSettings,
  logger: LoggerService,
): Promise<RateLimitMiddleware> {
  const { rateLimit } = await import('express-rate-limit');
  const { MemoryRateLimitStore } = await import('../rateLimit/MemoryRateLimitStore');
  const redis = settings.redis === undefined ? undefined : await openRedis(settings.redis, logger);
  const stores: Store[] = [];
  const makeLimiter = (limit: RateLimitSettings, pluginId?: string) => {
    const store = redis?.makeStore(limit, pluginId) ?? new MemoryRateLimitStore();
    stores.push(store);
    return rateLimit(limiterOptions(limit, { pluginId, logger, store }));
  };
  const global = settings.global && makeLimiter(settings.global);
  const plugins = new Map(
    [...settings.plugins].map(([id, limit]) => [id.toLowerCase(), makeLimiter(limit, id)]),
  );
  const close = async () => {
    await Promise.all([redis?.close(), ...stores.map(store => store.shutdown?.())]);
  };
  return { handler: limitBy(global, plugins), close };
}

function limitBy(
  global: RateLimitRequestHandler | undefined,
  plugins: Map<string, RateLimitRequestHandler>,
): RequestHandler {
  return (req, res, next) => {
    dropPort(req);
    const pluginId = plugins.size > 0 ? pluginOfUrl(req.url, id => plugins.has(id)) : undefined;
    const limiters = [global, plugins.get(pluginId ?? '')].filter(limiter => limiter !== undefined);
    runChain(limiters, req, res, next);
  };
}

/** Some proxies add the port of the client to its address, which is another one for each connection. */
function dropPort(req: Request): void {
  const address = req.ip?.replace(/^(?:\[(.+)\]|([\d.]+)):\d+$/, '$1$2');
  if (address !== req.ip) Object.defineProperty(req, 'ip', { value: address });
}

async function openRedis(url: string, logger: LoggerService) {
  const { redisScriptLink } = await import('../rateLimit/redisScriptLink');
  const { RedisRateLimitStore } = await import('../rateLimit/RedisRateLimitStore');
  const link = await redisScriptLink(url, logger);
  return {
    // Backends may share a Redis server. Those with other limits must not use up what this one allows.
    makeStore: ({ limit, window }: RateLimitSettings, pluginId = '') =>
      new RedisRateLimitStore(link, { prefix: `rate-limit:${pluginId}:${limit}/${window}:`, window }),
    close: () => link.close(),
  };
}

function limiterOptions(
  settings: RateLimitSettings,
  { pluginId, logger, store }: { pluginId: string | undefined; logger: LoggerService; store: Store },
): Partial<Options> {
  const { window, limit, ipAllowList, passOnStoreError, skipFailedRequests, skipSuccessfulRequests } =
    settings;
  const allowed = readAllowList(ipAllowList);
  // One error for all responses: it is always the same, and clients that ask far too often get it every time.
  const exceeded = new RateLimitExceededError({ limit, window, pluginId });
  return {
    windowMs: window,
    limit,
    passOnStoreError,
    skipFailedRequests,
    skipSuccessfulRequests,
    store,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    skip: ({ ip }) => ip !== undefined && allowed.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4'),
    handler: (_req, _res, next) => next(exceeded),
    // Clients without an address, which connect through a socket file, share one count.
    validate: { ip: false },
    logger: {
      error: (...args: unknown[]) => tell(logger, 'error', args),
      warn: (...args: unknown[]) => tell(logger, 'warn', args),
    },
  };
}

/** The library passes an error, a message, or both. */
function tell(logger: LoggerService, level: 'error' | 'warn', args: unknown[]): void {
  const error = args.find(argument => argument instanceof Error);
  const text = args.find(argument => typeof argument === 'string') ?? error?.message ?? 'Rate limit';
  // That the store is down is logged once by its link, not for each request.
  logger[error?.name === 'ServiceUnavailableError' ? 'debug' : level](text, error);
}

function readAllowList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const type = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) {
      list.addAddress(address, type);
    } else {
      list.addSubnet(address, Number(bits), type);
    }
  }
  return list;
}
