// The log of a dry run, which has to fit into the response.
import type { ScaffolderService } from '@greenroom/plugin-scaffolder-node';
import type { SecretMask } from '../secrets/SecretMask';
import type { TaskEventBody } from '../tasks/Task';

type Entries = Awaited<ReturnType<ScaffolderService['dryRun']>>['log'];

const MOST_CHARACTERS = 5_000_000;

/** Has no secrets. Beyond five million characters, it only takes how each step ends. */
export class DryRunLog {
  readonly entries: Entries = [];
  readonly #mask: SecretMask;
  #characters = 0;

  constructor(mask: SecretMask) {
    this.#mask = mask;
  }

  log(body: TaskEventBody): void {
    const hadRoom = this.#characters <= MOST_CHARACTERS;
    this.#characters += body.message.length;
    if (hadRoom || body.status !== undefined) this.entries.push({ body: this.#mask.maskValue(body) });
    if (hadRoom && this.#characters > MOST_CHARACTERS) {
      const message = 'The log is too long; what else the actions say is left out';
      this.entries.push({ body: { message, level: 'warn' } });
    }
  }

  async logSurely(body: TaskEventBody): Promise<void> {
    this.log(body);
  }
}
