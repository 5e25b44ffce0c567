// A minimal load balancer for split backends: one address, from which each plugin's requests go to its backend.
import { createServer, request } from 'node:http';
import { pipeline } from 'node:stream';

/** Listens on `port` and forwards each request to the port returned by `portOf(path)`. Resolves to the server. */
export function splitFront({ port, portOf }) {
  const server = createServer((req, res) => {
    const headers = { ...req.headers, 'x-forwarded-host': req.headers.host };
    const onward = request(
      { host: '127.0.0.1', port: portOf(req.url), method: req.method, path: req.url, headers },
      answer => {
        res.writeHead(answer.statusCode, answer.headers);
        // Breaks off what the backend breaks off.
        pipeline(answer, res, () => {});
      },
    );
    onward.on('error', error => {
      if (res.headersSent) return res.destroy();
      res.writeHead(503, { 'content-type': 'application/json' });
      const message = `The backend behind this address does not answer (${error.code})`;
      return res.end(JSON.stringify({ error: { name: 'ServiceUnavailableError', message } }));
    });
    res.on('close', () => onward.destroy());
    req.pipe(onward);
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
