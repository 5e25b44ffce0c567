// The errors of the HTTP server as a whole: it can't listen, lacks a certificate, or could not stop in time.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** Another process is listening on the port. */
export class PortInUseError extends GreenroomError {
  constructor(options: { port: number; host: string; cause: unknown }) {
    super({
      code: 'GR_PORT_IN_USE',
      message: `Port ${options.port} on ${describeHost(options.host)} is already in use`,
      hint: 'Stop the other process, or set backend.listen.port to a free port.',
      cause: options.cause,
    });
  }
}

/** The server can't listen on the address. */
export class ListenFailedError extends GreenroomError {
  constructor({ port, host, cause }: { port: number; host: string; cause: NodeJS.ErrnoException }) {
    super({
      code: 'GR_LISTEN_FAILED',
      message: `The HTTP server can't listen on port ${port} of ${describeHost(host)}: ${cause.code ?? cause.message}`,
      hint: listenHint(cause.code, port),
      cause,
    });
  }
}

/** The package that generates certificates is needed but can't be loaded. */
export class CertificateMakerMissingError extends GreenroomError {
  constructor(cause: unknown) {
    super({
      code: 'GR_CERTIFICATE_MAKER_MISSING',
      message:
        "backend.https is true, but the package 'selfsigned', which makes the certificate, can't be loaded",
      hint: 'Install it (npm install --save-dev selfsigned), or give a certificate in backend.https.certificate.',
      cause,
    });
  }
}

/** Requests were still running when their time to finish was over. */
export class DrainTimeoutError extends GreenroomError {
  constructor({ requests, timeoutMs }: { requests: string[]; timeoutMs: number }) {
    super({
      code: 'GR_DRAIN_TIMEOUT',
      message: `${requests.length === 1 ? 'A request was' : `${requests.length} requests were`} cut off because ${
        requests.length === 1 ? 'it' : 'they'
      } had not ended ${timeoutMs} ms after the server stopped accepting: ${requests.join(', ')}`,
      hint: 'Let these requests end sooner, or raise backend.lifecycle.drainTimeout.',
    });
  }
}

function describeHost(host: string): string {
  return host === '' ? '0.0.0.0' : host;
}

function listenHint(code: string | undefined, port: number): string {
  switch (code) {
    case 'EACCES':
      return port < 1024
        ? `Ports below 1024 need extra rights: use a port from 1024 on instead of ${port}, in backend.listen.port.`
        : `This machine reserves port ${port}, as Windows does for virtual machines: set backend.listen.port to another one.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'Set backend.listen.host to a name or address of this machine, or leave it out to listen on all.';
    default:
      return 'Check backend.listen.';
  }
}
