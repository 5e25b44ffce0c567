// Reads from an HTTPS server that redirects, in a process that accepts its certificate, and writes what came of it.
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSignedCertificate } from '../../testing/selfSignedCertificate';
import { WebServer } from '../../testing/WebServer';
import { defaultUrlReaderLimits } from '../../services/urlReader/config';
import { fetchUrl } from '../../services/urlReader/fetchUrl';

async function main(): Promise<void> {
  const plain = await WebServer.start();
  plain.answers.set('/there', 'not encrypted');
  const server = createServer(selfSignedCertificate(), (request, response) => {
    const target = request.url === '/same' ? '/there' : `${plain.url}/there`;
    if (request.url === '/there') response.end('encrypted');
    else response.writeHead(302, { location: target }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const read = async (path: string) => {
    const url = new URL(path, `https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const { stream } = await fetchUrl(url, {
      limits: { ...defaultUrlReaderLimits, timeout: 5_000 },
      maxSize: 'maxFileSize',
      mayRedirectTo: () => true,
      credentialsHint: '',
    });
    return Buffer.concat(await stream.toArray()).toString();
  };
  const downgraded = await read('/plain').catch(error => `${error.code} ${error.message}`);
  const same = await read('/same');
  const askedWithoutEncryption = plain.requests.map(({ url }) => url);
  process.stdout.write(JSON.stringify({ same, downgraded, askedWithoutEncryption }));
  server.closeAllConnections();
  server.close();
  await plain.stop();
}

void main();
