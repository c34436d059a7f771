import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { printable } from '../engine/message.ts';
import { codeOf, UserError } from '../errors.ts';
import type { Logger } from '../log/log.ts';
import { outcomes } from './outcomes.ts';
import type { ReviewTrace, TracedDecision, Traces } from './traces.ts';

export interface TracesOptions {
  /** The share of reviews to trace, 0 to 1, among those that the API server does not trace itself. */
  readonly ratio: number;
  /** OTEL_EXPORTER_OTLP_ENDPOINT and the like. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

// A call has four spans: room for 512 calls, and a collector that is away costs some MB and no more.
const waitingSpans = 2048;
const batchMs = 1000;
// Ending takes drainSeconds, then the calls under way; the last traces are not worth more than this.
const flushMs = 3000;

/**
 * Sends traces to an OpenTelemetry collector, as OTLP in JSON over HTTP. Whatever becomes of them, no review waits
 * for it.
 *
 * @throws UserError `usage` where the environment names no collector that can be used
 */
export function openOtlpTraces(
  { ratio, environment }: TracesOptions,
  { logger, version }: { readonly logger: Logger; readonly version: string },
): Traces {
  const url = collectorUrl(environment);
  const exporter = new OTLPTraceExporter({ url: url.href });
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'daygate', 'service.version': version }))
      .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] })),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: tellingExporter(exporter, logger),
        maxQueueSize: waitingSpans,
        scheduledDelayMillis: batchMs,
      }),
    ],
  });
  const tracer = provider.getTracer('daygate', version);
  logger.info({ collector: `${url.origin}${url.pathname}`, ratio }, 'traces are sent');
  return {
    begin: (webhook, headers, arrivedAt) => {
      if (ratio === 0 && headers['traceparent'] === undefined) return undefined;
      const caller = propagator.extract(ROOT_CONTEXT, headers, traceparentGetter);
      const attributes = { 'daygate.webhook': webhook };
      // performance.now() drifts from the clock of the machine over weeks, so each call compares them anew.
      const epoch = Date.now() - performance.now();
      const options = { kind: SpanKind.SERVER, startTime: epoch + arrivedAt, attributes };
      const span = tracer.startSpan(`daygate ${webhook}`, options, caller);
      if (!span.isRecording()) return undefined;
      const context = trace.setSpan(caller, span);
      const phases: [name: string, end: number][] = [['receive', performance.now()]];
      return {
        parsed: () => phases.push(['parse', performance.now()]),
        decided: (decision) => {
          phases.push(['judge', performance.now()]);
          span.setAttributes(decisionAttributes(decision));
        },
        ended: (rejection) => {
          const http = rejection === undefined ? 200 : outcomes[rejection].http;
          span.setAttributes({ 'http.response.status_code': http });
          if (rejection !== undefined) {
            span.setAttributes({ 'daygate.rejection': rejection });
            // Wrong calls are the caller's errors, by the conventions of HTTP servers.
            if (http >= 500) span.setStatus({ code: SpanStatusCode.ERROR, message: rejection });
          }
          phases.push(['answer', performance.now()]);
          let startTime = epoch + arrivedAt;
          for (const [name, at] of phases) {
            const endTime = epoch + at;
            tracer.startSpan(name, { startTime }, context).end(endTime);
            startTime = endTime;
          }
          span.end(startTime);
        },
      } satisfies ReviewTrace;
    },
    close: () =>
      Promise.race([provider.shutdown().catch(() => undefined), delay(flushMs, undefined, { ref: false })]),
  };
}

const propagator = new W3CTraceContextPropagator();
// `tracestate` is any text of the caller's, and would end up in the span.
const traceparentGetter = {
  get: (headers: IncomingHttpHeaders, name: string) => (name === 'traceparent' ? headers[name] : undefined),
  keys: () => ['traceparent'],
};

function decisionAttributes(decision: TracedDecision): Record<string, string | number | string[]> {
  return {
    'daygate.verdict': decision.verdict,
    'daygate.profile': decision.profile,
    'daygate.uid': printable(decision.uid, 64),
    'daygate.operation': decision.operation,
    'daygate.kind': printable(decision.kind, 64),
    'daygate.findings': decision.findings,
    'daygate.policies': [...decision.policies],
    ...(decision.failed.length === 0 ? {} : { 'daygate.failed_policies': [...decision.failed] }),
  };
}

/** Where spans go, by the rules of OpenTelemetry's environment variables. */
export function collectorUrl(environment: TracesOptions['environment']): URL {
  const setting = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const protocol = setting('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? setting('OTEL_EXPORTER_OTLP_PROTOCOL');
  if (protocol === 'grpc') {
    throw new UserError(
      'usage',
      'OTEL_EXPORTER_OTLP_PROTOCOL grpc: traces are sent as http/json; name the HTTP port of the collector, usually 4318',
    );
  }
  const own = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
  const common = 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const name = setting(own) === undefined ? common : own;
  const text = setting(name) ?? 'http://localhost:4318';
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    // The address may hold a password, so it is not repeated.
    throw new UserError('usage', `${name}: expected an http or https address, such as http://collector:4318`);
  }
  if (name === common) url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url;
}

/** Says once that traces get lost, and once that they arrive again. */
function tellingExporter(exporter: SpanExporter, logger: Logger): SpanExporter {
  let failing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.code !== ExportResultCode.SUCCESS;
        if (failed && !failing) {
          // Its message may quote the address and what the collector answered.
          const { error } = result;
          logger.warn(
            { error: error?.name, code: codeOf(error) },
            'traces cannot be sent: they are lost until they can',
          );
        } else if (!failed && failing) logger.info('traces are sent again');
        failing = failed;
        done(result);
      }),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}
