// The declaration that a plugin or module uses a connection type.

/** Declares that a plugin or module uses a type of connection. */
export interface ConnectionRegistration {
  /** The `type` of the connection in configuration. */
  type: string;
  /** Whether the plugin or module can't do without such a connection. For display only. Defaults to `false`. */
  required?: boolean;
  /** What the connection is needed for. */
  description?: string;
}
