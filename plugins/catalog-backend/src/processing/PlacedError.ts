// An error about one field of an entity.
import { InputError } from '@backstage/errors';
import type { ValuePath } from '../ingestion/findUnfitValue';

/** Its message is the reason alone; `path` says where. */
export class PlacedError extends InputError {
  readonly path: ValuePath;

  constructor(path: ValuePath, reason: string) {
    super(reason);
    this.path = path;
  }
}
