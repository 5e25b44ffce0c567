// A receiver of OTLP over HTTP for tests: takes what exporters send, and reads it by the numbers of the protocol's fields.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventEmitter, once } from 'node:events';
import { buffer } from 'node:stream/consumers';

/** A span as it arrived. */
export interface ReceivedSpan {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  /** In nanoseconds since 1970. */
  start: bigint;
  end: bigint;
  attributes: Record<string, string>;
  /** Messages of the exceptions that were recorded. */
  exceptions: string[];
}

type Field = bigint | Buffer;

/** Listens on a free port of 127.0.0.1. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** By the name of a metric, who measures it. */
  readonly metrics = new Map<string, Set<string>>();
  readonly headers: Array<Record<string, unknown>> = [];
  readonly #arrivals = new EventEmitter();
  readonly #server = createServer(async (req, res) => {
    this.headers.push(req.headers);
    const body = await buffer(req);
    if (req.url === '/v1/traces') this.spans.push(...readSpans(body));
    if (req.url === '/v1/metrics') {
      for (const { scope, name } of readMetrics(body)) {
        this.metrics.set(name, (this.metrics.get(name) ?? new Set()).add(scope));
      }
    }
    res.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    this.#arrivals.emit('arrival');
  });

  static async start(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when something has arrived that makes it true. */
  async until(reached: () => boolean): Promise<void> {
    while (!reached()) await once(this.#arrivals, 'arrival');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }
}

function readSpans(body: Buffer): ReceivedSpan[] {
  return all(body, 1).flatMap(resourceSpans => {
    const service = attributesOf(all(first(resourceSpans, 1), 1))['service.name'] ?? '';
    return all(resourceSpans, 2)
      .flatMap(scopeSpans => all(scopeSpans, 2))
      .map(span => ({
        service,
        traceId: first(span, 1).toString('hex'),
        spanId: first(span, 2).toString('hex'),
        parentSpanId: all(span, 4)[0]?.toString('hex') ?? '',
        name: first(span, 5).toString(),
        start: fields(span).find(([number]) => number === 7)![1] as bigint,
        end: fields(span).find(([number]) => number === 8)![1] as bigint,
        attributes: attributesOf(all(span, 9)),
        exceptions: all(span, 11).map(event => attributesOf(all(event, 3))['exception.message']!),
      }));
  });
}

function readMetrics(body: Buffer): Array<{ scope: string; name: string }> {
  return all(body, 1)
    .flatMap(resourceMetrics => all(resourceMetrics, 2))
    .flatMap(scopeMetrics => {
      const scope = first(first(scopeMetrics, 1), 1).toString();
      return all(scopeMetrics, 2).map(metric => ({ scope, name: first(metric, 1).toString() }));
    });
}

function attributesOf(pairs: Buffer[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map(pair => {
      const [, value] = fields(first(pair, 2))[0] ?? [0, Buffer.alloc(0)];
      return [first(pair, 1).toString(), value.toString()];
    }),
  );
}

function all(message: Buffer, number: number): Buffer[] {
  return fields(message).flatMap(([key, value]) => (key === number && Buffer.isBuffer(value) ? [value] : []));
}

function first(message: Buffer, number: number): Buffer {
  return all(message, number)[0] ?? Buffer.alloc(0);
}

/** The fields of a Protocol Buffers message: number and value, in their order. */
function fields(message: Buffer): Array<[number, Field]> {
  const found: Array<[number, Field]> = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const key = Number(varint());
    const [number, type] = [key >> 3, key & 7];
    if (type === 0) found.push([number, varint()]);
    else if (type === 1) {
      found.push([number, message.readBigUInt64LE(at)]);
      at += 8;
    } else if (type === 2) {
      const length = Number(varint());
      found.push([number, message.subarray(at, at + length)]);
      at += length;
    } else if (type === 5) {
      found.push([number, BigInt(message.readUInt32LE(at))]);
      at += 4;
    } else throw new Error(`A field of type ${type}`);
  }
  return found;
}
