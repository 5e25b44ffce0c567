// The requests to the process that renders templates, and its responses.
import type { JsonObject, JsonValue } from '@backstage/types';

/** How templates in files are parsed. */
export type TextOptions = {
  /** Uses `{{ }}` instead of `${{ }}`, and enables the features that Jinja has and Nunjucks lacks. */
  readonly cookiecutterCompat?: boolean;
  /** Removes the newline after a block tag. */
  readonly trimBlocks?: boolean;
  /** Removes the whitespace before a block tag that has a line to itself. */
  readonly lstripBlocks?: boolean;
};

/** Templates to render with the same values. */
export interface RenderRequest {
  /** In `value` mode, a template that is a single expression returns the result itself, not its text. */
  readonly mode: 'value' | 'text';
  readonly sources: readonly string[];
  readonly context: JsonObject;
  /** The result of `failure()`. */
  readonly hasFailed?: boolean;
  readonly options: TextOptions;
}

/** Values to validate against a JSON schema from a template. */
export interface ValidateRequest {
  readonly mode: 'validate';
  readonly schema: JsonObject;
  readonly values: JsonObject;
}

/** The result of a {@link ValidateRequest}. `invalid` is the problem with the schema itself. */
export type ValidateResult =
  | { values: JsonObject; errors: Array<{ path: string[]; message: string }>; invalid?: undefined }
  | { invalid: string };

/** The response to a request: the result of each source, or the failure of the first one that fails. */
export type InterpreterOutcome =
  /** `asksStatus` is set if a template called `always()` or `failure()`. */
  | { results: Array<{ value?: JsonValue }>; asksStatus?: boolean; failure?: undefined }
  | { failure: InterpreterFailure };

/** Why a template could not be rendered. */
export interface InterpreterFailure {
  /** The index of the failed source; undefined if it is not known. */
  readonly index?: number;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
  /** The limit that was exceeded. */
  readonly limit?: string;
}
