import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { idOfCandidate } from '../../config/candidate-schema.ts'
import type { HoneConfig } from '../../config/hone-config.ts'
import { readConfig } from '../../config/read-config.ts'
import { HoneError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/example.ts'
import { diskError } from '../../lib/disk-error.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import type { JobQueue, ListJobs } from '../../store/database/job-queue.ts'
import { resourceId } from '../tuning/tuning-service.ts'
import type { EvalOutcome } from '../evaluation/run-evaluation.ts'
import type { EvalService } from '../evaluation/eval-service.ts'
import { findEvaluation } from '../evaluation/stored-evaluation.ts'
import { runJobWorker } from '../jobs/job-worker.ts'
import {
  evaluationKind,
  freshEvaluation,
  type EvaluationJob,
  type EvaluationProgress,
  type EvaluationSpec,
} from './evaluation-job.ts'

export interface NewEvaluation extends Pick<EvaluationSpec, 'dataset' | 'split' | 'tuned' | 'safety'> {
  readonly name: string
  readonly owner: string
  /** What `hone.yaml` would say, without files beside it. */
  readonly config: JsonObject
  /** JSON Schema that answers must obey. */
  readonly answerSchema?: JsonObject | undefined
}

export type StoredResult = EvalOutcome['evaluation']

/** Evaluations of one home that outlive processes: each is a job with a folder of its own. */
export class EvaluationJobs {
  readonly #home: string
  readonly #queue: JobQueue<EvaluationSpec, EvaluationProgress>

  constructor(home: string, queue: JobQueue<EvaluationSpec, EvaluationProgress>) {
    this.#home = home
    this.#queue = queue
  }

  /** Saves an evaluation; a worker takes it up. @throws HoneError `E_CONFIG` */
  async create({ name, owner, config, answerSchema, ...asked }: NewEvaluation): Promise<EvaluationJob> {
    const id = resourceId()
    const folder = this.#folder(id)
    try {
      await mkdir(folder, { recursive: true }).catch(async (error: unknown) => {
        throw await diskError(error, folder)
      })
      if (answerSchema !== undefined) {
        await replaceFileWith(join(folder, 'schema.json'), `${JSON.stringify(answerSchema, null, 2)}\n`)
      }
      await replaceFileWith(join(folder, 'hone.json'), `${JSON.stringify(config, null, 2)}\n`)
      const read = await this.config(id)
      const { base, evaluation } = read
      const candidates = evaluation.candidates.map(idOfCandidate)
      const spec: EvaluationSpec = { ...asked, base, candidates }
      const job = { id, kind: evaluationKind, name: `${name} ${id}`, owner, spec, progress: freshEvaluation }
      await this.#queue.add(job)
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw error
    }
    return this.find(id)
  }

  list(options: Omit<ListJobs, 'kind'>): Promise<EvaluationJob[]> {
    return this.#queue.list({ ...options, kind: evaluationKind })
  }

  /** @throws HoneError `E_NOT_FOUND` */
  async find(id: string): Promise<EvaluationJob> {
    const job = await this.#queue.find(id)
    if (job?.kind === evaluationKind) return job
    throw new HoneError('E_NOT_FOUND', `there is no evaluation ${JSON.stringify(id.slice(0, 60))}`, {
      hint: 'see them: GET /api/evaluations',
    })
  }

  /** The configuration of an evaluation, as the services of evaluation take it. */
  config(id: string): Promise<HoneConfig> {
    const folder = this.#folder(id)
    return readConfig(join(folder, 'hone.json'), { workingFolder: folder })
  }

  /** What was measured so far; undefined before all candidates have been asked. */
  async result({ id, spec }: EvaluationJob): Promise<StoredResult | undefined> {
    return findEvaluation(await this.config(id), spec.split)
  }

  /** Asks for a stop; answers that are here stay. @throws HoneError `E_NOT_FOUND` */
  async stop(id: string): Promise<EvaluationJob> {
    await this.find(id)
    await this.#queue.requestStop(id)
    return this.find(id)
  }

  /** Runs evaluations one after another until it is aborted; one under way is given back, and goes on with what was answered. */
  async work(
    name: string,
    evaluation: Pick<EvalService, 'run'>,
    options: {
      readonly pollEvery: number
      readonly renewEvery: number
      readonly onFailure: (error: unknown, job: EvaluationJob) => void
      readonly onTrouble?: ((error: unknown) => void) | undefined
    },
    signal: AbortSignal,
  ): Promise<void> {
    await runJobWorker<EvaluationSpec, EvaluationProgress>(
      {
        ...options,
        name,
        queue: this.#queue,
        kinds: [evaluationKind],
        run: async (job, follow) => {
          let progress = job.progress
          const { split, tuned, safety } = job.spec
          await evaluation.run(
            {
              config: await this.config(job.id),
              split,
              safety,
              ...(tuned === null ? {} : { tuned }),
            },
            {
              signal: follow.signal,
              onEvent: (event) => {
                if (event.type === 'phase') progress = { ...progress, phase: event.phase, candidate: null }
                else if (event.type === 'progress') {
                  const { phase, candidate = null, done, total } = event
                  progress = { phase, candidate, done, total }
                } else return
                follow.onProgress(progress)
              },
            },
          )
          return progress
        },
        abandon: (_, { progress }) => Promise.resolve(progress),
      },
      signal,
    )
  }

  #folder(id: string): string {
    return join(this.#home, 'evaluations', /^[a-z0-9]{12}$/.test(id) ? id : 'none')
  }
}
