// Words numbers for tables: three digits that count, thousands apart, the unit behind.

const units = { s: ' s', ms: ' ms', MB: ' MB', '%': ' %', times: 'x', '/s': ' /s', us: ' us', packages: '' };

/** A number as a reader wants it: `4,213`, `31.4`, `0.167`. */
export function formatNumber(value) {
  if (Math.abs(value) >= 1_000) return value.toLocaleString('en', { maximumFractionDigits: 0 });
  return value.toLocaleString('en', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
}

/** The same with its unit: `31.4 ms`, `0.167x`. */
export function formatQuantity(value, unit) {
  return `${formatNumber(value)}${units[unit]}`;
}
