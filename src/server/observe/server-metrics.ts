import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { ServerLoad } from '../../service/serving/server-load.ts'
import type { ObservedRequest } from './observed-request.ts'

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

/** Services of AWS's clients that labels name; a client can claim any other. */
const awsServices: readonly string[] = ['bedrock', 's3', 'sts', 'iam', 'operating']
/** Models that have a label of their own; those that come later share one. */
const mostModels = 100

/**
 * What a server counts, for Prometheus. Every label has a bounded number of values, whatever clients send.
 * Source of the form: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export class ServerMetrics implements Disposable {
  readonly #registry = new Registry()
  readonly #delay = monitorEventLoopDelay({ resolution: 50 })
  readonly #models = new Set<string>()
  readonly #services: readonly string[]
  readonly #requests: Counter
  readonly #durations: Histogram
  readonly #inFlight: Gauge
  readonly #firstToken: Histogram
  readonly #tokens: Counter
  readonly #load: () => Promise<ServerLoad>
  readonly #modelsInMemory: Gauge
  readonly #databaseUp: Gauge
  readonly #jobs: Gauge
  readonly #eventLoop: Gauge
  readonly #memory: Gauge
  readonly #startTime: Gauge

  /**
   * @param load asked for at every reading
   * @param apis names of other services that labels name
   */
  constructor(load: () => Promise<ServerLoad>, apis: readonly string[] = []) {
    this.#services = [...awsServices, ...apis]
    const registers = [this.#registry]
    this.#requests = new Counter({
      name: 'hone_requests_total',
      help: 'Requests that were answered',
      labelNames: ['service', 'operation', 'status'],
      registers,
    })
    this.#durations = new Histogram({
      name: 'hone_request_duration_seconds',
      help: 'From the head of a request to the last byte of its answer',
      labelNames: ['service', 'operation'],
      buckets: seconds,
      registers,
    })
    this.#inFlight = new Gauge({ name: 'hone_requests_in_flight', help: 'Requests under way', registers })
    this.#firstToken = new Histogram({
      name: 'hone_time_to_first_token_seconds',
      help: 'From the head of a request to the first text of its answer',
      labelNames: ['model'],
      buckets: seconds,
      registers,
    })
    this.#tokens = new Counter({
      name: 'hone_tokens_total',
      help: 'Tokens that models read (input) and wrote (output)',
      labelNames: ['model', 'direction'],
      registers,
    })
    this.#delay.enable()
    this.#load = load
    this.#modelsInMemory = new Gauge({
      name: 'hone_models_in_memory',
      help: 'Models that are held in memory',
      registers,
    })
    this.#databaseUp = new Gauge({
      name: 'hone_database_up',
      help: '1 where the database answered this reading',
      registers,
    })
    this.#jobs = new Gauge({
      name: 'hone_jobs',
      help: 'Jobs by kind and state; those that are queued wait for a worker',
      labelNames: ['kind', 'state'],
      registers,
    })
    this.#eventLoop = new Gauge({
      name: 'hone_event_loop_delay_seconds',
      help: 'How late the event loop was since the last reading',
      labelNames: ['quantile'],
      registers,
    })
    this.#memory = new Gauge({
      name: 'process_resident_memory_bytes',
      help: "Memory of the server's own process; models are in processes of their own",
      registers,
    })
    this.#startTime = new Gauge({
      name: 'process_start_time_seconds',
      help: 'When the process began, in seconds since 1970',
      registers,
    })
    this.#startTime.set(Date.now() / 1000 - process.uptime())
  }

  readonly contentType = 'text/plain; version=0.0.4; charset=utf-8'

  async text(): Promise<string> {
    const { jobs, modelsInMemory } = await this.#load()
    this.#modelsInMemory.set(modelsInMemory)
    this.#databaseUp.set(jobs === undefined ? 0 : 1)
    this.#jobs.reset()
    for (const { kind, state, count } of jobs ?? []) this.#jobs.set({ kind, state }, count)
    for (const quantile of [0.5, 0.99]) {
      const nanoseconds = finite(this.#delay.percentile(quantile * 100))
      this.#eventLoop.set({ quantile: String(quantile) }, nanoseconds / 1e9)
    }
    this.#delay.reset()
    this.#memory.set(process.memoryUsage.rss())
    return this.#registry.metrics()
  }

  begin(): void {
    this.#inFlight.inc()
  }

  end({ facts, status, startedAt, endedAt }: ObservedRequest): void {
    this.#inFlight.dec()
    const service = this.#services.find((known) => known === facts.service) ?? 'other'
    const labels = { service, operation: facts.operation ?? 'other' }
    this.#requests.inc({ ...labels, status })
    this.#durations.observe(labels, (endedAt - startedAt) / 1000)
    if (facts.inference === undefined) return
    const { firstTokenAt, inputTokens, outputTokens } = facts.inference
    const model = this.#modelLabel(facts.inference.model)
    if (firstTokenAt !== undefined) this.#firstToken.observe({ model }, (firstTokenAt - startedAt) / 1000)
    if (inputTokens !== undefined) this.#tokens.inc({ model, direction: 'input' }, inputTokens)
    if (outputTokens !== undefined) this.#tokens.inc({ model, direction: 'output' }, outputTokens)
  }

  [Symbol.dispose](): void {
    this.#delay.disable()
  }

  #modelLabel(model: string): string {
    if (this.#models.has(model)) return model
    if (this.#models.size >= mostModels) return 'other'
    this.#models.add(model)
    return model
  }
}

const finite = (value: number): number => (Number.isFinite(value) ? value : 0)
