// The declaration that a plugin or module uses a connection type.

/** Says that a plugin or module uses a type of connection. */
export interface ConnectionRegistration {
  /** The `type` of the connection in configuration. */
  type: string;
  /** Whether to fail the start where no such connection is configured. Defaults to `false`. */
  required?: boolean;
  /** What it is needed for, for a reader. */
  description?: string;
}
