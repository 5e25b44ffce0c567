// What the catalog reports about something that it has refused.

/**
 * One thing that the catalog refused, with the place in the source that has to change.
 *
 * `subject` says what was refused: one `document` of a file, a whole `file` that could not be read, or a `location`
 * that leads nowhere.
 *
 * @public
 */
export interface IngestionRefusal {
  readonly subject: 'document' | 'file' | 'location';
  /** Absolute path, or the configuration key (`catalog.locations[2]`) where the culprit stands in configuration. */
  readonly file: string;
  /** Line within `file`, counted from 1; absent where the file has no lines to point at. */
  readonly line?: number;
  /** `kind:namespace/name` in lower case, where the document says enough to tell. */
  readonly entityRef?: string;
  /** What is wrong and, where it helps, what to do: one line of text. */
  readonly reason: string;
}
