// Merges the schemas of installed packages with Backstage's loader, and sends how it handles ours: `{ count, differences }`.
import { loadConfigSchema } from '@backstage/config-loader';

const { dependencies, strict } = JSON.parse(process.env.INTEROP_RANDOM);
const secrets = {
  backend: {
    database: { connection: { password: 'hidden' } },
    auth: { keys: [{ secret: 'hidden' }] },
  },
};
const data = {
  backend: {
    ...secrets.backend,
    baseUrl: 'http://localhost:7007',
    startup: { default: { timeout: '20s' } },
    server: { maxHeadersCount: 100 },
    cors: { optionsSuccessStatus: 204 },
  },
};

const differences = [];
let count = 0;
try {
  const schema = await loadConfigSchema({ dependencies, noUndeclaredProperties: strict });
  count = schema.serialize().schemas.length;
  const [found] = schema.process([{ context: 'app-config.yaml', data }], { visibility: ['secret'] });
  if (JSON.stringify(found.data) !== JSON.stringify(secrets)) {
    differences.push(`secret for it is ${JSON.stringify(found.data)}`);
  }
} catch (error) {
  differences.push(error.message);
}
process.send({ count, differences }, () => process.exit());
