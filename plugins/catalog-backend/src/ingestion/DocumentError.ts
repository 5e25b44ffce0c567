// The error of a document, file or location that the catalog refuses, with the place that has to change.
import { InputError } from '@backstage/errors';
import type { IngestionRefusal } from '@greenroom/plugin-catalog-node';

/** Its message is the reason alone; `refusal` says where. */
export class DocumentError extends InputError {
  readonly refusal: IngestionRefusal;
  /** The document as it is, where it names an entity. */
  readonly document: unknown;

  constructor(refusal: IngestionRefusal, document?: unknown) {
    super(refusal.reason);
    this.refusal = refusal;
    this.document = document;
  }
}
