// How a backend tells people that it started, and how.
export { startupReporterServiceFactory } from './factory';
export { type FormattedLine, formatStartupSummary, type SummaryLine } from './formatStartupSummary';
export { StartupReporter } from './StartupReporter';
