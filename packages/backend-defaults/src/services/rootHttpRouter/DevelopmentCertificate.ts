// Makes a certificate that signs itself, for development, and keeps it on disk so that a browser has to be told only once.
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import { CertificateMakerMissingError } from './httpServerErrors';

const day = 24 * 60 * 60 * 1000;
const validFor = 30 * day;
/** One that ends sooner is replaced. */
const minRemaining = 5 * day;

/** Options of {@link DevelopmentCertificate}. */
export interface DevelopmentCertificateOptions {
  /** A host that it is for, beside `localhost`, `127.0.0.1` and `::1`. */
  hostname: string;
  /** Where it is kept, with its key. Default: `node_modules/.cache/greenroom/dev-certificate.pem` in the current folder. */
  file?: string;
}

/** A certificate for this machine. */
export class DevelopmentCertificate {
  readonly #hosts: readonly string[];
  readonly #file: string;

  constructor({ hostname, file }: DevelopmentCertificateOptions) {
    const host = hostname.replace(/^\[|\]$/g, '');
    this.#hosts = [...new Set(['localhost', '127.0.0.1', '::1', host])];
    this.#file = file ?? resolve('node_modules/.cache/greenroom/dev-certificate.pem');
  }

  /** The one on disk, or where there is none that can be used, a new one. Rejects with `CertificateMakerMissingError`. */
  async get(): Promise<{ cert: string; key: string }> {
    const kept = await this.#read();
    if (kept) {
      return kept;
    }
    const made = await this.#make();
    await mkdir(dirname(this.#file), { recursive: true });
    // Renamed into place, so that a backend that starts at the same time never reads half of it.
    const draft = `${this.#file}.${process.pid}`;
    await writeFile(draft, made.key + made.cert, { mode: 0o600 });
    await rename(draft, this.#file);
    return made;
  }

  async #read(): Promise<{ cert: string; key: string } | undefined> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    const begin = text.indexOf('-----BEGIN CERTIFICATE-----');
    if (begin < 0) {
      return undefined;
    }
    const cert = text.slice(begin);
    return this.#fits(cert) ? { cert, key: text.slice(0, begin) } : undefined;
  }

  #fits(cert: string): boolean {
    try {
      const parsed = new X509Certificate(cert);
      const covers = (host: string) => (isIP(host) ? parsed.checkIP(host) : parsed.checkHost(host));
      return Date.parse(parsed.validTo) - Date.now() > minRemaining && this.#hosts.every(covers);
    } catch {
      return false;
    }
  }

  async #make(): Promise<{ cert: string; key: string }> {
    const { generate } = await import('selfsigned').catch((cause: unknown) => {
      throw new CertificateMakerMissingError(cause);
    });
    const made = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      algorithm: 'sha256',
      notAfterDate: new Date(Date.now() + validFor),
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'keyUsage', digitalSignature: true, keyCertSign: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: this.#hosts.map(host => (isIP(host) ? { type: 7, ip: host } : { type: 2, value: host })),
        },
      ],
    });
    return { cert: withLineBreak(made.cert), key: withLineBreak(made.private) };
  }
}

function withLineBreak(pem: string): string {
  return `${pem.replaceAll('\r\n', '\n').trimEnd()}\n`;
}
