// Counts requests in this process.
import { type ClientRateLimitInfo, MemoryStore } from 'express-rate-limit';

/** Counts a client anew if its window ends later than one that begins now, because the clock was set back since. */
export class MemoryRateLimitStore extends MemoryStore {
  override async increment(key: string): Promise<ClientRateLimitInfo> {
    const known = await this.get(key);
    if (known && known.resetTime!.getTime() > Date.now() + this.windowMs) await this.resetKey(key);
    return super.increment(key);
  }
}
