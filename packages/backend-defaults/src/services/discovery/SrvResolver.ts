// Picks addresses from SRV records, and caches the records for a short time.
import type { SrvRecord } from 'node:dns';
import { hostInUrl } from '../../hostInUrl';
import { setBounded } from '../../setBounded';

/** How long cached records are used before DNS is asked again, in milliseconds; Node does not tell their real TTL. */
const freshFor = 5_000;
/** How long cached records are used if DNS fails. */
const staleFor = 5 * 60_000;
/** More than a system has plugins. Bounds the cache, because names of records may come from unknown callers. */
const mostAnswers = 1_000;

/** Options of {@link SrvResolver}; the defaults are Node's. */
export interface SrvResolverOptions {
  resolveSrv?: (record: string) => Promise<SrvRecord[]>;
  /** A number from 0 up to, but not including, 1. */
  random?: () => number;
  /** A time in milliseconds that is never set back. */
  now?: () => number;
}

interface Answer {
  records: SrvRecord[];
  at: number;
}

/** Resolves SRV records as described in RFC 2782: the lowest priority, then at random by weight. */
export class SrvResolver {
  readonly #options: Required<SrvResolverOptions>;
  readonly #answers = new Map<string, Answer>();
  readonly #pending = new Map<string, Promise<SrvRecord[]>>();

  constructor(options: SrvResolverOptions = {}) {
    const { resolveSrv = resolveByDns, random = Math.random, now = () => performance.now() } = options;
    this.#options = { resolveSrv, random, now };
  }

  /** Returns `host:port`, or undefined if the record has no usable target. Rejects with the error of DNS. */
  async resolve(record: string): Promise<string | undefined> {
    const answer = this.#answers.get(record);
    const fresh = answer && this.#options.now() - answer.at < freshFor;
    const chosen = choose(fresh ? answer.records : await this.#ask(record), this.#options.random);
    return chosen && `${hostInUrl(chosen.name.replace(/\.$/, ''))}:${chosen.port}`;
  }

  #ask(record: string): Promise<SrvRecord[]> {
    const asked =
      this.#pending.get(record) ?? this.#resolve(record).finally(() => this.#pending.delete(record));
    this.#pending.set(record, asked);
    return asked;
  }

  async #resolve(record: string): Promise<SrvRecord[]> {
    const { resolveSrv, now } = this.#options;
    try {
      // A single dot as the name means that the service is not available here.
      const records = (await resolveSrv(record)).filter(({ name }) => name !== '' && name !== '.');
      setBounded(this.#answers, record, { records, at: now() }, mostAnswers);
      return records;
    } catch (error) {
      const last = this.#answers.get(record);
      if (last && now() - last.at < staleFor) return last.records;
      this.#answers.delete(record);
      throw error;
    }
  }
}

async function resolveByDns(record: string): Promise<SrvRecord[]> {
  const { resolveSrv } = await import('node:dns/promises');
  return resolveSrv(record);
}

function choose(records: readonly SrvRecord[], random: () => number): SrvRecord | undefined {
  const lowest = Math.min(...records.map(({ priority }) => priority));
  const candidates = records.filter(({ priority }) => priority === lowest);
  const total = candidates.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) {
    return candidates[Math.floor(random() * candidates.length)];
  }
  let rest = random() * total;
  return candidates.find(({ weight }) => (rest -= weight) < 0);
}
