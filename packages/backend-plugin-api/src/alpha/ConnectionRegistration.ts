// The declaration that a plugin or module uses a connection type.

/** Declares that a plugin or module uses a type of connection. */
export interface ConnectionRegistration {
  /** The `type` of the connection in configuration. */
  type: string;
  /** Whether startup fails if no such connection is configured. Defaults to `false`. */
  required?: boolean;
  /** What the connection is needed for. */
  description?: string;
}
