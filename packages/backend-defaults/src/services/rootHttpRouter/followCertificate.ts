// Gives an HTTPS server the certificate that the configuration has by now, so that one that is renewed needs no restart.
import { toError } from '@backstage/errors';
import type { LoggerService, RootConfigService } from '@greenroom/backend-plugin-api';
import type { Server } from 'node:http';
import { type HttpServerCertificateOptions, readHttpServerOptions } from './config';

/** Follows changes of the configuration until what it gives is called. Does nothing for a certificate that is made here. */
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
      // Throws where only one of both files is new yet; the other one's change comes here again.
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
