// The subpath ./startupReporter.
export { startupReporterServiceFactory } from './factory';
export { type FormattedLine, formatStartupSummary, type SummaryLine } from './formatStartupSummary';
export { StartupReporter } from './StartupReporter';
