// The error for a document, file or location that the catalog refuses, with the place that has to change.
import { InputError } from '@backstage/errors';
import type { IngestionRefusal } from '@greenroom/plugin-catalog-node';

/** The message is only the reason. `refusal` contains the place. */
export class DocumentError extends InputError {
  readonly refusal: IngestionRefusal;
  /** The document as it was read, if it names an entity. */
  readonly document: unknown;

  constructor(refusal: IngestionRefusal, document?: unknown) {
    super(refusal.reason);
    this.refusal = refusal;
    this.document = document;
  }
}
