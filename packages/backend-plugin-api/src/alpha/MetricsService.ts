// The interface for metrics.

/** The value of an attribute of a measurement. */
export type MetricAttributeValue =
  | string
  | number
  | boolean
  | Array<null | undefined | string>
  | Array<null | undefined | number>
  | Array<null | undefined | boolean>;

/** Attributes of a measurement. Each combination of values is a series of its own, so keep them few. */
export interface MetricAttributes {
  [attributeKey: string]: MetricAttributeValue | undefined;
}

/** How an instrument would like to be aggregated. */
export interface MetricAdvice {
  /** The bounds of a histogram's buckets, in the unit of the metric. */
  explicitBucketBoundaries?: number[];
}

/** Options of an instrument. */
export interface MetricOptions {
  description?: string;
  /** In UCUM notation, such as `ms` or `By`. */
  unit?: string;
  advice?: MetricAdvice;
}

/** A sum that only grows. */
export interface MetricsServiceCounter<TAttributes extends MetricAttributes = MetricAttributes> {
  /** Adds a value that is not negative. */
  add(value: number, attributes?: TAttributes): void;
}

/** A sum that grows and shrinks. */
export interface MetricsServiceUpDownCounter<TAttributes extends MetricAttributes = MetricAttributes> {
  /** Adds a value, which may be negative. */
  add(value: number, attributes?: TAttributes): void;
}

/** A distribution of values. */
export interface MetricsServiceHistogram<TAttributes extends MetricAttributes = MetricAttributes> {
  /** Adds a value to the distribution. */
  record(value: number, attributes?: TAttributes): void;
}

/** A value that is as it is. */
export interface MetricsServiceGauge<TAttributes extends MetricAttributes = MetricAttributes> {
  /** Sets the value. */
  record(value: number, attributes?: TAttributes): void;
}

/** Takes the values that a callback observes. */
export interface MetricsServiceObservableResult<TAttributes extends MetricAttributes = MetricAttributes> {
  /** Reports a value. */
  observe(value: number, attributes?: TAttributes): void;
}

/** Observes values; called whenever metrics are collected. */
export type MetricsServiceObservableCallback<TAttributes extends MetricAttributes = MetricAttributes> = (
  observableResult: MetricsServiceObservableResult<TAttributes>,
) => void | Promise<void>;

/** An instrument whose values are asked for. */
export interface MetricsServiceObservable<TAttributes extends MetricAttributes = MetricAttributes> {
  addCallback(callback: MetricsServiceObservableCallback<TAttributes>): void;
  removeCallback(callback: MetricsServiceObservableCallback<TAttributes>): void;
}

/** A sum that only grows, asked for when metrics are collected. */
export type MetricsServiceObservableCounter<TAttributes extends MetricAttributes = MetricAttributes> =
  MetricsServiceObservable<TAttributes>;

/** A sum that grows and shrinks, asked for when metrics are collected. */
export type MetricsServiceObservableUpDownCounter<TAttributes extends MetricAttributes = MetricAttributes> =
  MetricsServiceObservable<TAttributes>;

/** A value that is as it is, asked for when metrics are collected. */
export type MetricsServiceObservableGauge<TAttributes extends MetricAttributes = MetricAttributes> =
  MetricsServiceObservable<TAttributes>;

/** Makes the instruments of one plugin. */
export interface MetricsService {
  /** For a sum that only grows. */
  createCounter<TAttributes extends MetricAttributes = MetricAttributes>(
    name: string,
    opts?: MetricOptions,
  ): MetricsServiceCounter<TAttributes>;
  /** For a sum that grows and shrinks. */
  createUpDownCounter<TAttributes extends MetricAttributes = MetricAttributes>(
    name: string,
    opts?: MetricOptions,
  ): MetricsServiceUpDownCounter<TAttributes>;
  /** For a distribution, such as that of durations. */
  createHistogram<TAttributes extends MetricAttributes = MetricAttributes>(
    name: string,
    opts?: MetricOptions,
  ): MetricsServiceHistogram<TAttributes>;
  /** For a value that is set. */
  createGauge<TAttributes extends MetricAttributes = MetricAttributes>(
    name: string,
    opts?: MetricOptions,
  ): MetricsServiceGauge<TAttributes>;
  /** For a sum that only grows, asked for by `addCallback` whenever metrics are collected. */
  createObservableCounter<TAttributes extends MetricAttributes = MetricAttributes>(
    name: string,
    opts?: MetricOptions,
  ): MetricsServiceObservableCounter<TAttributes>;
  /** For a sum that grows and shrinks, asked for as well. */
  createObservableUpDownCounter<TAttributes extends MetricAttributes = MetricAttributes>(
    name: string,
    opts?: MetricOptions,
  ): MetricsServiceObservableUpDownCounter<TAttributes>;
  /** For a value that is asked for, such as the length of a queue. */
  createObservableGauge<TAttributes extends MetricAttributes = MetricAttributes>(
    name: string,
    opts?: MetricOptions,
  ): MetricsServiceObservableGauge<TAttributes>;
}
