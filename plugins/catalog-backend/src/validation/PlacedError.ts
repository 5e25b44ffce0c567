// An error about one field of an entity.
import { InputError } from '@backstage/errors';
import type { ValuePath } from '../ingestion/findUnfitValue';

/** The message is only the reason. `path` contains the place. */
export class PlacedError extends InputError {
  readonly path: ValuePath;

  constructor(path: ValuePath, reason: string) {
    super(reason);
    this.path = path;
  }
}
