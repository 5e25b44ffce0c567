// One route on a bare server, for comparison: `node peerServer.mjs <express | fastify | node> <port>`.
import { createServer } from 'node:http';
import { answer, reportUsage } from './answer.mjs';

const path = '/api/plugin-0/open';
const servers = {
  async express(port) {
    const { default: express } = await import('express');
    const app = express();
    app.get(path, (_req, res) => res.json(answer));
    app.listen(port, '127.0.0.1');
  },
  async fastify(port) {
    const { default: fastify } = await import('fastify');
    const app = fastify();
    app.get(path, async () => answer);
    await app.listen({ port, host: '127.0.0.1' });
  },
  async node(port) {
    createServer((_req, res) => {
      res.setHeader('Content-Type', 'application/json');
      res.end(JSON.stringify(answer));
    }).listen(port, '127.0.0.1');
  },
};

const [name, port] = process.argv.slice(2);
reportUsage();
await servers[name](Number(port));
