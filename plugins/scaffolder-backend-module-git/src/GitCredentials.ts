// What a remote asks for over HTTP.

/** The credentials for authenticating with a remote. */
export interface GitCredentials {
  readonly username: string;
  readonly password: string;
}
