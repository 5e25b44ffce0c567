// SRV records from a real DNS server, asked as a backend asks its own.
import { ConfigReader } from '@backstage/config';
import { createSocket, type Socket } from 'node:dgram';
import { promises as dns } from 'node:dns';
import { once } from 'node:events';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { HostDiscovery } from './HostDiscovery';

interface Target {
  name: string;
  port: number;
  priority: number;
  weight: number;
}

let socket: Socket;
let former: string[];
let records: Record<string, Target[]>;
let asked: string[];

beforeAll(async () => {
  former = dns.getServers();
  socket = createSocket('udp4');
  socket.on('message', (query, from) => socket.send(answerTo(query), from.port, from.address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  dns.setServers([`127.0.0.1:${socket.address().port}`]);
});
afterAll(async () => {
  dns.setServers(former);
  await new Promise<void>(resolve => socket.close(resolve));
});
beforeEach(() => {
  records = {};
  asked = [];
});

/** An answer as RFC 1035 and 2782 have it. */
function answerTo(query: Buffer): Buffer {
  const labels: string[] = [];
  let at = 12;
  while (query[at] !== 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]!));
    at += query[at]! + 1;
  }
  const name = labels.join('.');
  asked.push(name);
  const targets = records[name];
  const question = query.subarray(12, at + 5);
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // An answer; 3 says that there is no such name.
  header.writeUInt16BE(0x8180 | (targets ? 0 : 3), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(targets?.length ?? 0, 6);
  return Buffer.concat([header, question, ...(targets ?? []).map(recordOf)]);
}

function recordOf({ name, port, priority, weight }: Target): Buffer {
  const labels = name.split('.').map(label => Buffer.from(`${String.fromCharCode(label.length)}${label}`));
  const target = Buffer.concat([...labels, Buffer.alloc(1)]);
  const fixed = Buffer.alloc(18);
  // The name of the question, type SRV, class IN, a minute.
  fixed.writeUInt16BE(0xc00c, 0);
  fixed.writeUInt16BE(33, 2);
  fixed.writeUInt16BE(1, 4);
  fixed.writeUInt32BE(60, 6);
  fixed.writeUInt16BE(6 + target.length, 10);
  fixed.writeUInt16BE(priority, 12);
  fixed.writeUInt16BE(weight, 14);
  fixed.writeUInt16BE(port, 16);
  return Buffer.concat([fixed, target]);
}

const discover = () =>
  HostDiscovery.fromConfig(
    new ConfigReader({
      discovery: {
        endpoints: [
          {
            target: { internal: 'http+srv://{{pluginId}}.internal.test/api/{{pluginId}}' },
            plugins: ['*'],
          },
        ],
      },
    }),
    { logger: new MemoryLogger() },
  );

it('leads to the host and port of the record of lowest priority, and asks once in five seconds', async () => {
  records['catalog.internal.test'] = [
    { name: 'backup.internal.test', port: 7009, priority: 20, weight: 1 },
    { name: 'first.internal.test', port: 7008, priority: 10, weight: 1 },
  ];
  const discovery = discover();
  for (let call = 0; call < 3; call++) {
    expect(await discovery.getBaseUrl('catalog')).toBe('http://first.internal.test:7008/api/catalog');
  }
  expect(asked).toEqual(['catalog.internal.test']);
  expect(await discovery.getExternalBaseUrl('catalog')).toBe('http://localhost:7007/api/catalog');
});

it('says which record of which plugin DNS does not have', async () => {
  await expect(discover().getBaseUrl('nobody')).rejects.toMatchObject({
    code: 'GR_DISCOVERY_SRV',
    message: expect.stringMatching(
      /Plugin 'nobody' can't be located by the SRV record 'nobody.internal.test' of discovery.endpoints\[0\]: .*ENOTFOUND/,
    ),
  });
});
