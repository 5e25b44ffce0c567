// Tests that a server is not made with a certificate that its key does not belong to.
import { inspect } from 'node:util';
import { selfSignedCertificate } from '../../testing/selfSignedCertificate';
import { createHttpServer } from './createHttpServer';

const listen = { host: '127.0.0.1', port: 0 };

it.each([
  ['is none', { cert: 'x', key: 'hunter2' }],
  ['has another key', { ...selfSignedCertificate(), key: selfSignedCertificate().key }],
])('is not made with a certificate that %s, and says where that is configured', async (_, pem) => {
  const https = { certificate: { type: 'pem' as const, ...pem } };
  const error = await createHttpServer(() => {}, { listen, https }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'GR_CONFIG_VALUE',
    message: expect.stringContaining('backend.https.certificate is not a PEM certificate with its key'),
  });
  expect(inspect(error, { depth: 9 })).not.toContain(pem.key.split('\n')[1] ?? pem.key);
});
