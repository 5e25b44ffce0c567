// Formats numbers for tables: three significant digits, thousands separators, and a unit.

const units = { s: ' s', ms: ' ms', MB: ' MB', '%': ' %', times: 'x', '/s': ' /s', us: ' us', packages: '' };

/** A readable number: `4,213`, `31.4`, `0.167`. */
export function formatNumber(value) {
  if (Math.abs(value) >= 1_000) return value.toLocaleString('en', { maximumFractionDigits: 0 });
  return value.toLocaleString('en', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
}

/** The same with a unit: `31.4 ms`, `0.167x`. */
export function formatQuantity(value, unit) {
  return `${formatNumber(value)}${units[unit]}`;
}
