// Keeps the certificate of an HTTPS server in sync with the configuration, so that a renewed one needs no restart.
import { toError } from '@backstage/errors';
import type { LoggerService, RootConfigService } from '@greenroom/backend-plugin-api';
import type { Server } from 'node:http';
import { type HttpServerCertificateOptions, readHttpServerOptions } from '../config';

/** Follows configuration changes until the returned function is called. Does nothing for a generated certificate. */
export async function followCertificate(
  server: Server,
  { config, logger }: { config: RootConfigService; logger: LoggerService },
): Promise<() => void> {
  let served = certificateOf(config);
  if (!served) return () => {};
  const tls = await import('node:tls');
  const subscription = config.subscribe?.(() => {
    try {
      const renewed = certificateOf(config);
      const isSame = renewed?.cert === served?.cert && renewed?.key === served?.key;
      if (!renewed || isSame || !(server instanceof tls.Server)) return;
      // Throws if only one of the two files is new. The change of the other one leads here again.
      tls.createSecureContext(renewed);
      server.setSecureContext(renewed);
      served = renewed;
      logger.info('New connections get the renewed certificate of backend.https');
    } catch (error) {
      logger.warn(`The certificate of backend.https stays as it was: ${toError(error).message}`);
    }
  });
  return () => subscription?.unsubscribe();
}

function certificateOf(config: RootConfigService): HttpServerCertificateOptions | undefined {
  const { https } = readHttpServerOptions(config.getOptionalConfig('backend'));
  return https?.certificate.type === 'pem' ? https.certificate : undefined;
}
