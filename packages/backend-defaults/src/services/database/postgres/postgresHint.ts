// Suggests what to do if PostgreSQL refuses a connection, or the creation of what is missing.

const untrusted =
  /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT)$/;
const unreached = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/;

/** Depends on the error of the driver, of Node's TLS or of the server. */
export function postgresHint(cause: unknown): string {
  const { code = '', message = '' } = cause as { code?: string; message?: string };
  if (untrusted.test(code)) {
    return 'Set backend.database.connection.ssl.ca to the certificate of the authority that signed that of the server, such as { $file: ./ca.crt }: its text, not its path.';
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'Connect by a name that the certificate of the server is for, or set backend.database.connection.ssl.servername to it.';
  }
  if (code === 'CERT_HAS_EXPIRED') {
    return 'Renew the certificate of the server.';
  }
  if (message.includes('does not support SSL')) {
    return 'Turn TLS on at the server, or take ssl out of backend.database.connection.';
  }
  if (message.includes('no encryption')) {
    return 'The server wants TLS: set backend.database.connection.ssl.';
  }
  if (code.startsWith('28') || message.includes('password must be a string')) {
    return 'Check user and password in backend.database.connection.';
  }
  if (code === '42501') {
    return 'Give the user the right (alter role USER createdb; grant create on database NAME to USER), or let an administrator make it for that user, where it is used as it is.';
  }
  if (code === '3D000') {
    return 'Create that database, or name another one in backend.database.connection.';
  }
  if (unreached.test(code)) {
    return 'Check host and port in backend.database.connection, and that the server runs.';
  }
  return 'Check backend.database.connection and that the server runs; with ensureExists: false an existing database is used as it is.';
}
