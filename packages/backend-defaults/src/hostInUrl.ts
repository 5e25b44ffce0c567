// Writes a host as it stands in a URL.

/** Addresses of IPv6 need brackets, because of their colons. */
export function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
