// A place to read entities from, as configuration or a Location entity names it.

/** One target, not yet resolved to files. */
export interface LocationTarget {
  readonly type: string;
  /** A path or a glob, absolute or relative to `directory`. */
  readonly target: string;
  readonly directory: string;
  /** Whether a target that does not exist is fine. */
  readonly optional: boolean;
  /** Who named it: where to point when it leads nowhere. */
  readonly namedBy: { readonly file: string; readonly line?: number; readonly entityRef?: string };
  /** The location by which reading came here first, as `type:target`; absent on that first location itself. */
  readonly origin?: string;
}
