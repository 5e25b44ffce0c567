// Reports to people how a backend starts and stops.
export { startupReporterServiceFactory } from './factory';
export { type FormattedLine, formatStartupSummary, type SummaryLine } from './formatStartupSummary';
export { StartupReporter } from './StartupReporter';
