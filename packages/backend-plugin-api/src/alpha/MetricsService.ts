// The interface for metrics.

/** The value of an attribute of a measurement. */
export type MetricAttributeValue =
  | string
  | number
  | boolean
  | Array<null | undefined | string>
  | Array<null | undefined | number>
  | Array<null | undefined | boolean>;

/** Attributes of a measurement. Each combination of values is a separate series, so use few values. */
export interface MetricAttributes {
  [attributeKey: string]: MetricAttributeValue | undefined;
}

/** Advice on how to aggregate an instrument. */
export interface MetricAdvice {
  /** Bucket boundaries of a histogram, in the unit of the metric. */
  explicitBucketBoundaries?: number[];
}

/** Options of an instrument. */
export interface MetricOptions {
  description?: string;
  /** In UCUM notation, such as `ms` or `By`. */
  unit?: string;
  advice?: MetricAdvice;
}

/** A counter: a sum that only grows. */
export interface MetricsServiceCounter<TAttributes extends MetricAttributes = MetricAttributes> {
  /** Adds a non-negative value. */
  add(value: number, attributes?: TAttributes): void;
}

/** A counter that can go up and down. */
export interface MetricsServiceUpDownCounter<TAttributes extends MetricAttributes = MetricAttributes> {
  /** Adds a value, which may be negative. */
  add(value: number, attributes?: TAttributes): void;
}

/** A histogram: a distribution of values. */
export interface MetricsServiceHistogram<TAttributes extends MetricAttributes = MetricAttributes> {
  /** Records a value. */
  record(value: number, attributes?: TAttributes): void;
}

/** A gauge: a current value. */
export interface MetricsServiceGauge<TAttributes extends MetricAttributes = MetricAttributes> {
  /** Records the current value. */
  record(value: number, attributes?: TAttributes): void;
}

/** Receives the values that a callback observes. */
export interface MetricsServiceObservableResult<TAttributes extends MetricAttributes = MetricAttributes> {
  /** Reports a value. */
  observe(value: number, attributes?: TAttributes): void;
}

/** Observes values. Called whenever metrics are collected. */
export type MetricsServiceObservableCallback<TAttributes extends MetricAttributes = MetricAttributes> = (
  observableResult: MetricsServiceObservableResult<TAttributes>,
) => void | Promise<void>;

/** An instrument whose values are read through callbacks. */
export interface MetricsServiceObservable<TAttributes extends MetricAttributes = MetricAttributes> {
  addCallback(callback: MetricsServiceObservableCallback<TAttributes>): void;
  removeCallback(callback: MetricsServiceObservableCallback<TAttributes>): void;
}

/** A counter that only grows, read when metrics are collected. */
export type MetricsServiceObservableCounter<TAttributes extends MetricAttributes = MetricAttributes> =
  MetricsServiceObservable<TAttributes>;

/** A counter that can go up and down, read when metrics are collected. */
export type MetricsServiceObservableUpDownCounter<TAttributes extends MetricAttributes = MetricAttributes> =
  MetricsServiceObservable<TAttributes>;

/** A gauge, read when metrics are collected. */
export type MetricsServiceObservableGauge<TAttributes extends MetricAttributes = MetricAttributes> =
  MetricsServiceObservable<TAttributes>;

/** Creates the instruments of one plugin. */
export interface MetricsService {
  /** Creates a counter that only grows. */
  createCounter<TAttributes extends MetricAttributes = MetricAttributes>(
    name: string,
    opts?: MetricOptions,
  ): MetricsServiceCounter<TAttributes>;
  /** Creates a counter that can go up and down. */
  createUpDownCounter<TAttributes extends MetricAttributes = MetricAttributes>(
    name: string,
    opts?: MetricOptions,
  ): MetricsServiceUpDownCounter<TAttributes>;
  /** Creates a histogram, for example of durations. */
  createHistogram<TAttributes extends MetricAttributes = MetricAttributes>(
    name: string,
    opts?: MetricOptions,
  ): MetricsServiceHistogram<TAttributes>;
  /** Creates a gauge, whose value is set. */
  createGauge<TAttributes extends MetricAttributes = MetricAttributes>(
    name: string,
    opts?: MetricOptions,
  ): MetricsServiceGauge<TAttributes>;
  /** Creates a counter that only grows, read with `addCallback` whenever metrics are collected. */
  createObservableCounter<TAttributes extends MetricAttributes = MetricAttributes>(
    name: string,
    opts?: MetricOptions,
  ): MetricsServiceObservableCounter<TAttributes>;
  /** Creates a counter that can go up and down, read in the same way. */
  createObservableUpDownCounter<TAttributes extends MetricAttributes = MetricAttributes>(
    name: string,
    opts?: MetricOptions,
  ): MetricsServiceObservableUpDownCounter<TAttributes>;
  /** Creates a gauge that is read in the same way, for example for the length of a queue. */
  createObservableGauge<TAttributes extends MetricAttributes = MetricAttributes>(
    name: string,
    opts?: MetricOptions,
  ): MetricsServiceObservableGauge<TAttributes>;
}
