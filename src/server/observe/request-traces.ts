import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  createTraceState,
  isSpanContextValid,
  trace,
  type Attributes,
  type Context,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api'
import type { IncomingHttpHeaders } from 'node:http'
import type { DialectStop } from '../../wire/dialect-request.ts'
import type { InferenceFacts } from '../aws/request-facts.ts'
import type { ObservedRequest } from './observed-request.ts'

/** A request's span, until the request ends. */
interface RequestSpan {
  /** 32 hexadecimal digits, the client's where it sent some. */
  readonly traceId: string
  end(request: ObservedRequest): void
}

/** Spans of requests. */
export interface RequestTraces {
  begin(
    headers: IncomingHttpHeaders,
    request: Pick<ObservedRequest, 'method' | 'path' | 'startedAt'>,
  ): RequestSpan
  /** Sends what is left; never fails, and waits no longer than for one sending. */
  close(): Promise<void>
}

export interface OpenTraces {
  readonly env: NodeJS.ProcessEnv
  readonly version: string
  /** Told of spans that could not be delivered. */
  readonly onFailure: (error: unknown, spans: number) => void
}

/**
 * Sends spans by OTLP over HTTP to where `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` or `OTEL_EXPORTER_OTLP_ENDPOINT` says. The
 * libraries are loaded only then.
 * Source: https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 *
 * @returns undefined where neither is set, or `OTEL_SDK_DISABLED` is
 */
export async function openTraces({
  env,
  version,
  onFailure,
}: OpenTraces): Promise<RequestTraces | undefined> {
  const url = tracesUrl(env)
  if (url === undefined) return undefined
  const [{ NodeTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ])
  const exporter = new OTLPTraceExporter({ url })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': env['OTEL_SERVICE_NAME'] ?? 'hone',
      'service.version': version,
    }),
    spanProcessors: [
      new BatchSpanProcessor({
        export: (spans, done) => {
          exporter.export(spans, (result) => {
            if (result.error !== undefined) onFailure(result.error, spans.length)
            done(result)
          })
        },
        forceFlush: () => exporter.forceFlush(),
        shutdown: () => exporter.shutdown(),
      }),
    ],
  })
  // What could not be delivered was told when it was tried.
  const close = (): Promise<void> => provider.shutdown().catch(() => undefined)
  return tracesOf(provider.getTracer('hone', version), close)
}

function tracesUrl(env: NodeJS.ProcessEnv): string | undefined {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return undefined
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own, OTEL_EXPORTER_OTLP_ENDPOINT: common } = env
  if (own !== undefined && own !== '') return own
  return common === undefined || common === '' ? undefined : `${common.replace(/\/+$/, '')}/v1/traces`
}

function tracesOf(tracer: Tracer, close: () => Promise<void>): RequestTraces {
  return {
    begin(headers, { method, path, startedAt }) {
      const span = tracer.startSpan(
        method,
        {
          kind: SpanKind.SERVER,
          startTime: startedAt,
          attributes: { 'http.request.method': method, 'url.path': path.slice(0, 300) },
        },
        parentOf(headers),
      )
      return {
        traceId: span.spanContext().traceId,
        end: (request) => {
          const { facts, status, endedAt, hungUp } = request
          const { service = 'other', operation = method } = facts
          span.updateName(`${service.slice(0, 40)} ${operation}`)
          span.setAttributes({
            'http.response.status_code': status,
            'hone.request.id': facts.id,
            ...(facts.keyId === undefined ? {} : { 'hone.key.id': facts.keyId }),
            ...(facts.error === undefined ? {} : { 'error.type': facts.error }),
          })
          if (status >= 500 || hungUp) span.setStatus({ code: SpanStatusCode.ERROR })
          if (facts.inference !== undefined) {
            inferenceSpan(tracer, trace.setSpan(ROOT_CONTEXT, span), facts.inference, facts.error, endedAt)
          }
          span.end(endedAt)
        },
      }
    },
    close,
  }
}

const finishReasons: Readonly<Record<DialectStop, string>> = {
  end: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'tool-call': 'tool_call',
}

/**
 * The answer of a model, as a span of its own below the request's.
 * Source of the names: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
 */
function inferenceSpan(
  tracer: Tracer,
  parent: Context,
  facts: InferenceFacts,
  error: string | undefined,
  requestEndedAt: number,
): void {
  const { requested, model, startedAt, firstTokenAt, endedAt = requestEndedAt } = facts
  const { inputTokens, outputTokens, stop } = facts
  const attributes: Attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'hone',
    'gen_ai.request.model': requested,
    'gen_ai.response.model': model,
    ...(inputTokens === undefined ? {} : { 'gen_ai.usage.input_tokens': inputTokens }),
    ...(outputTokens === undefined ? {} : { 'gen_ai.usage.output_tokens': outputTokens }),
    ...(stop === undefined ? {} : { 'gen_ai.response.finish_reasons': [finishReasons[stop]] }),
    ...(error === undefined ? {} : { 'error.type': error }),
  }
  const span = tracer.startSpan(
    `chat ${requested.slice(0, 300)}`,
    { kind: SpanKind.INTERNAL, startTime: startedAt, attributes },
    parent,
  )
  if (firstTokenAt !== undefined) span.addEvent('first token', firstTokenAt)
  if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end(endedAt)
}

/** The caller's span, where it names one: https://www.w3.org/TR/trace-context/ */
function parentOf(headers: IncomingHttpHeaders): Context {
  const { traceparent, tracestate } = headers
  const found =
    typeof traceparent === 'string'
      ? /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/.exec(traceparent)
      : null
  if (found === null) return ROOT_CONTEXT
  const [, , traceId = '', spanId = '', flags = '00'] = found
  const parent: SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
    ...(typeof tracestate === 'string' ? { traceState: createTraceState(tracestate) } : {}),
  }
  return isSpanContextValid(parent) ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
}
