// What the catalog reports about something that it has refused.

/**
 * Something that the catalog rejected, with the place in the source that has to change.
 *
 * `subject` is what was rejected: one `document` of a file, a whole `file` that could not be read, or a `location`
 * that leads nowhere.
 *
 * @public
 */
export interface IngestionRefusal {
  readonly subject: 'document' | 'file' | 'location';
  /** The absolute path, or the configuration key (`catalog.locations[2]`) if the cause is in the configuration. */
  readonly file: string;
  /** The line in `file`, starting at 1. Absent if there is no line to point at. */
  readonly line?: number;
  /** `kind:namespace/name` in lower case, if the document contains enough to know it. */
  readonly entityRef?: string;
  /** What is wrong and, if it helps, what to do about it: one line of text. */
  readonly reason: string;
}
