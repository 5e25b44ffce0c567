// A connection to a cluster: one to each of its masters, and for every key the way to the one that has it.
import { reasonOf } from '../../remote/reasonOf';
import { addressOf, type ClusterSettings, type ServerSettings } from './config';
import type { RemoteConnection } from './RemoteStore';
import { slotCount, slotOf } from './slotOf';

/** A connection to one server, which takes any command. */
export interface ServerConnection extends RemoteConnection {
  send(args: string[]): Promise<unknown>;
}

/** Begins to connect to a server. */
export type OpenServer = (server: ServerSettings, onBreak: (error: Error) => void) => ServerConnection;

/** Options of {@link ClusterConnection}. */
export interface ClusterConnectionOptions {
  /** Those that are asked for the masters. */
  roots: ServerSettings[];
  cluster: ClusterSettings;
  openServer: OpenServer;
  /** Prepended to every key. */
  prefix: string;
}

/** A row of what CLUSTER SLOTS answers; replicas follow the master. */
type SlotRange = [first: number, last: number, master: [host: string | null, port: number]];

/**
 * Opens when every master takes commands, and breaks when one of them does, so that no call is sent to a master that is
 * known to be down. The clients' own clusters would queue and repeat commands, and hide their sockets.
 */
export class ClusterConnection implements RemoteConnection {
  readonly opened: Promise<unknown>;
  readonly #options: ClusterConnectionOptions;
  readonly #onBreak: (error: Error) => void;
  readonly #roots: ServerConnection[] = [];
  /** Why roots told of no masters, in their order. */
  readonly #refusals: string[] = [];
  /** By host and port. */
  readonly #masters = new Map<string, ServerConnection>();
  /** The master of each slot. */
  readonly #slots: string[] = Array.from({ length: slotCount });
  /** The root that told of the masters. They are reached in the same way. */
  #root: URL | undefined;
  #destroyed = false;
  #endWaits!: (error: Error) => void;
  /** Rejects when this is destroyed, as clients may say nothing of a connection that is destroyed while it opens. */
  readonly #destruction = new Promise<never>((_, reject) => (this.#endWaits = reject));

  constructor(options: ClusterConnectionOptions, onBreak: (error: Error) => void) {
    this.#options = options;
    this.#onBreak = onBreak;
    this.#destruction.catch(() => {});
    this.opened = this.#open();
  }

  refusals(): string[] {
    // Once a root has answered, the others are destroyed, which is no refusal of theirs.
    if (this.#root) return [];
    return [...new Set(this.#refusals.filter(Boolean))];
  }

  isOpen(): boolean {
    return [...this.#masters.values()].every(master => master.isOpen());
  }

  async get(key: string): Promise<string | undefined> {
    return ((await this.#send(key, stored => ['GET', stored])) as string | null) ?? undefined;
  }

  set(key: string, text: string, ttl?: number): Promise<unknown> {
    return this.#send(key, stored => [
      'SET',
      stored,
      text,
      ...(ttl === undefined ? [] : ['PX', String(ttl)]),
    ]);
  }

  delete(key: string): Promise<unknown> {
    return this.#send(key, stored => ['UNLINK', stored]);
  }

  end(): Promise<unknown> {
    return Promise.allSettled([...this.#masters.values()].map(master => master.end()));
  }

  destroy(): void {
    this.#destroyed = true;
    this.#endWaits(closed());
    [...this.#roots, ...this.#masters.values()].forEach(server => server.destroy());
  }

  async #open(): Promise<void> {
    const { roots } = this.#options;
    // All at once, as one that is silent would use up the time.
    const asked = roots.map(async (root, index) => {
      const ranges = await this.#ask(root).catch(error => {
        this.#refusals[index] = reasonOf(error);
        throw error;
      });
      return { url: new URL(root.url), ranges };
    });
    const { url, ranges } = await Promise.any(asked).catch(() => {
      throw new Error(this.refusals().join(', '));
    });
    this.#roots.forEach(root => root.destroy());
    this.#root = url;
    for (const [first, last, [host, port]] of ranges) {
      this.#slots.fill(addressOf(knownHost(host) || url.hostname, port), first, last + 1);
    }
    await Promise.all([...new Set(this.#slots)].map(async address => this.#probe(this.#masterAt(address))));
    // Nobody was told yet of one that broke while others opened.
    const lost = [...this.#masters].find(([, master]) => !master.isOpen());
    if (lost) throw lossOf(lost[0], new Error('it broke while the connection opened'));
  }

  async #ask(server: ServerSettings): Promise<SlotRange[]> {
    const root = this.#options.openServer(server, () => {});
    this.#roots.push(root);
    await this.#probe(root);
    const ranges = (await root.send(['CLUSTER', 'SLOTS'])) as SlotRange[];
    const missing = ranges.reduce((rest, [first, last]) => rest - (last + 1 - first), slotCount);
    if (missing > 0) {
      throw new Error(`${missing} slots of the cluster have no master`);
    }
    return ranges;
  }

  /** Rejects if the server takes no commands, for example because its cluster has lost a part. */
  async #probe(server: ServerConnection): Promise<void> {
    await server.opened;
    await server.send(['GET', `${this.#options.prefix}greenroom:health`]).catch(error => {
      if (!redirectionOf(error)) throw error;
    });
  }

  #masterAt(address: string): ServerConnection {
    let master = this.#masters.get(address);
    if (!master) {
      if (this.#destroyed) throw closed();
      const url = new URL(this.#root!);
      url.host = address;
      const { defaults } = this.#options.cluster;
      if (defaults.password !== undefined) url.username = url.password = '';
      master = this.#options.openServer({ url: url.href, clientOptions: defaults }, error =>
        this.#onBreak(lossOf(address, error)),
      );
      this.#masters.set(address, master);
    }
    return master;
  }

  /** Sends a command to the master of its key, and follows the key where that has moved. */
  async #send(key: string, command: (stored: string) => string[]): Promise<unknown> {
    const stored = this.#options.prefix + key;
    const slot = slotOf(stored);
    let address = this.#slots[slot]!;
    let asking = false;
    for (let left = this.#options.cluster.maxRedirections; ; left--) {
      const master = this.#masterAt(address);
      if (!master.isOpen()) await Promise.race([master.opened, this.#destruction]);
      try {
        // Both at once, as this holds for the next command of the connection alone.
        if (asking) master.send(['ASKING']).catch(() => {});
        return await master.send(command(stored));
      } catch (error) {
        const redirection = redirectionOf(error);
        if (!redirection || left <= 0) throw master.isOpen() ? error : lossOf(address, error);
        address = addressOf(knownHost(redirection.host) || hostOf(address), redirection.port);
        asking = redirection.asking;
        if (!asking) this.#slots[slot] = address;
      }
    }
  }
}

function redirectionOf(error: unknown): { asking: boolean; host: string; port: string } | undefined {
  const [, kind, host, port] = /^(MOVED|ASK) \d+ (.*):(\d+)$/.exec((error as Error).message) ?? [];
  return kind ? { asking: kind === 'ASK', host: host!, port: port! } : undefined;
}

function closed(): Error {
  return new Error('The connection is closed');
}

function lossOf(address: string, error: unknown): Error {
  return new Error(`the master ${address} is lost: ${reasonOf(error)}`);
}

/** Servers that are to be known by a name and have none call themselves `?`. */
function knownHost(host: string | null): string | null {
  return host === '?' ? null : host;
}

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':'));
}
