// Generates a self-signed certificate for development, and keeps it on disk so that a browser has to accept it only once.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import { CertificateMakerMissingError } from '../httpServerErrors';

const day = 24 * 60 * 60 * 1000;
const validFor = 30 * day;
/** A certificate that expires sooner is replaced. */
const minRemaining = 5 * day;

/** Options of {@link developmentCertificate}. */
export interface DevelopmentCertificateOptions {
  /** A host name that it covers in addition to `localhost`, `127.0.0.1` and `::1`. */
  hostname: string;
  /** The file for it and its key. Default: `node_modules/.cache/greenroom/dev-certificate.pem` in the working directory. */
  file?: string;
}

interface Certificate {
  cert: string;
  key: string;
}

/**
 * A certificate for this machine: the one on disk if it is usable, otherwise a new one. Rejects with
 * `CertificateMakerMissingError`.
 */
export function developmentCertificate({
  hostname,
  file = resolve('node_modules/.cache/greenroom/dev-certificate.pem'),
}: DevelopmentCertificateOptions): Promise<Certificate> {
  // One after the other, so that all backends of a process have the one that is kept, which browsers have accepted.
  const turn = (lastTurns.get(file) ?? Promise.resolve()).then(() => keptOrMade(hostname, file));
  lastTurns.set(
    file,
    turn.catch(() => {}),
  );
  return turn;
}

const lastTurns = new Map<string, Promise<unknown>>();

async function keptOrMade(hostname: string, file: string): Promise<Certificate> {
  const hosts = [...new Set(['localhost', '127.0.0.1', '::1', hostname.replace(/^\[|\]$/g, '')])];
  const kept = await read(file);
  if (kept && fits(kept, hosts)) return kept;
  const made = await make(hosts);
  await mkdir(dirname(file), { recursive: true });
  // Renamed into place, so that a backend of another process that starts at the same time never reads half of it.
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, made.key + made.cert, { mode: 0o600 });
  await rename(draft, file);
  return made;
}

async function read(file: string): Promise<Certificate | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const begin = text.indexOf('-----BEGIN CERTIFICATE-----');
  return begin < 0 ? undefined : { cert: text.slice(begin), key: text.slice(0, begin) };
}

function fits({ cert, key }: Certificate, hosts: readonly string[]): boolean {
  try {
    const parsed = new X509Certificate(cert);
    const covers = (host: string) => (isIP(host) ? parsed.checkIP(host) : parsed.checkHost(host));
    const lasts = Date.parse(parsed.validTo) - Date.now() > minRemaining;
    return lasts && hosts.every(covers) && parsed.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

async function make(hosts: readonly string[]): Promise<Certificate> {
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
        altNames: hosts.map(host => (isIP(host) ? { type: 7, ip: host } : { type: 2, value: host })),
      },
    ],
  });
  return { cert: withLineBreak(made.cert), key: withLineBreak(made.private) };
}

function withLineBreak(pem: string): string {
  return `${pem.replaceAll('\r\n', '\n').trimEnd()}\n`;
}
