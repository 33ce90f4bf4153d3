import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import type { TrainingJob } from '../../core/training-job.ts'
import { jobFile, manifestFile, readJob } from '../../engine/train/job-files.ts'
import { isModelId, modelFolder, modelsFolder } from '../../lib/home-layout.ts'
import { contentOf, isDeadHolder } from '../../lib/lock-holder.ts'
import { readStoredModel } from '../../store/read-model.ts'
import { jobStage, type JobStage } from '../tuning/job-stages.ts'
import type { TunedCheckpoints } from '../tuning/tuned-checkpoints.ts'
import { homeModelId, phaseNames, type TuningJob } from '../tuning/tuning-job.ts'
import { resourceId, type TuningService } from '../tuning/tuning-service.ts'
import { keptLogFolder } from './kept-log.ts'
import { readLogTail } from './run-log.ts'
import type { TrainingRun, TrainingRunDetails } from './training-run.ts'

export interface ListRuns {
  readonly state?: TrainingRun['state'] | undefined
  readonly limit: number
  /** Where the last page ended. */
  readonly after?: { readonly createdAt: number; readonly id: string } | undefined
}

/** Training runs of one home: jobs of its server, in whatever API they were asked for, and those of the command line. */
export class TrainingRuns {
  readonly #home: string
  readonly #tuning: TuningService
  readonly #checkpoints: TunedCheckpoints

  constructor(home: string, tuning: TuningService, checkpoints: TunedCheckpoints) {
    this.#home = home
    this.#tuning = tuning
    this.#checkpoints = checkpoints
  }

  /** Newest first. */
  async list({ state, limit, after }: ListRuns): Promise<readonly TrainingRun[]> {
    const jobs: TrainingRun[] = []
    // A state of the queue has several of ours, so those of other states are passed over.
    for (let from = after; jobs.length < limit;) {
      const page = await this.#tuning.list({ limit: 200, ...(from === undefined ? {} : { after: from }) })
      jobs.push(...page.map(queuedRun).filter((run) => state === undefined || run.state === state))
      const last = page.at(-1)
      if (last === undefined || page.length < 200) break
      from = { createdAt: last.createdAt, id: last.id }
    }
    const own = (await this.#ownRuns()).filter(
      (run) => (state === undefined || run.state === state) && (after === undefined || isAfter(run, after)),
    )
    return [...jobs, ...own].toSorted(newestFirst).slice(0, limit)
  }

  async count(): Promise<number> {
    const own = await this.#ownFolders()
    let count = own.length
    let after: { createdAt: number; id: string } | undefined
    for (;;) {
      const page = await this.#tuning.list({ limit: 1000, ...(after === undefined ? {} : { after }) })
      count += page.length
      const last = page.at(-1)
      if (last === undefined || page.length < 1000) return count
      after = { createdAt: last.createdAt, id: last.id }
    }
  }

  /** @throws HoneError `E_NOT_FOUND` where there is no such run */
  async find(id: string): Promise<TrainingRunDetails> {
    const queued = await this.#tuning.find(id)
    if (queued !== undefined) {
      const made = modelFolder(this.#home, homeModelId(queued.spec))
      const kept = keptLogFolder(this.#home, queued.id)
      const folder = (await isFile(join(made, jobFile))) ? made : kept
      const job = await readJob(folder).catch(() => null)
      const { phases } = queued.progress
      const checkpoints = await this.#checkpoints.list(queued.id)
      return { run: queuedRun(queued), job, phases, attempts: queued.attempts, checkpoints, folder }
    }
    const folder = isModelId(id) ? modelFolder(this.#home, id) : undefined
    const job = folder === undefined ? undefined : await readJob(folder).catch(() => undefined)
    if (folder === undefined || job === undefined) {
      throw new HoneError('E_NOT_FOUND', `there is no job ${JSON.stringify(id.slice(0, 100))}`, {
        hint: 'see them: GET /api/jobs',
      })
    }
    return { run: await ownRun(folder, id, job), job, phases: null, attempts: 1, checkpoints: [], folder }
  }

  /**
   * Lets a run go on from its last checkpoint: a job that is paused, or one of the command line that was interrupted, which
   * becomes a job of the server.
   *
   * @param owner who asked for it
   * @returns the run that goes on
   * @throws HoneError `E_EXISTS` for one that cannot
   */
  async resume(id: string, owner: string): Promise<TrainingRun> {
    const { run } = await this.find(id)
    if (!run.canResume) {
      throw new HoneError('E_EXISTS', `the job ${id} is ${run.state} and cannot go on`, {
        hint: 'start a new one: POST /api/train',
      })
    }
    if (run.state === 'paused' || run.state === 'pausing') {
      await this.#tuning.resume(id)
      return (await this.find(id)).run
    }
    const name = `${run.model}-${resourceId().slice(0, 4)}`
    const job = await this.#tuning.create({
      name,
      owner,
      modelName: name,
      profile: `local:${run.base}`,
      baseIdentifier: `hone.${run.base}`,
      localBase: run.base,
      parent: null,
      homeId: run.model,
      isAdopted: true,
      training: '',
      validation: [],
      output: '',
      hyperparameters: {},
      overrides: {},
      dialect: {},
    })
    return queuedRun(job)
  }

  /** The job of the server that made a model of the home. */
  async jobOfModel(homeId: string): Promise<TuningJob | undefined> {
    return (await this.#queuedModels()).get(homeId)
  }

  async #queuedModels(): Promise<Map<string, TuningJob>> {
    const found = new Map<string, TuningJob>()
    let after: { createdAt: number; id: string } | undefined
    for (;;) {
      const page = await this.#tuning.list({ limit: 1000, ...(after === undefined ? {} : { after }) })
      for (const job of page) {
        const homeId = homeModelId(job.spec)
        if (!found.has(homeId)) found.set(homeId, job)
      }
      const last = page.at(-1)
      if (last === undefined || page.length < 1000) return found
      after = { createdAt: last.createdAt, id: last.id }
    }
  }

  /** Folders of runs that no job of the server stands for. */
  async #ownFolders(): Promise<string[]> {
    const names = await readdir(modelsFolder(this.#home)).catch((): string[] => [])
    const queued = await this.#queuedModels()
    const found: string[] = []
    for (const name of names) {
      if (!isModelId(name) || queued.has(name)) continue
      if (await isFile(join(modelFolder(this.#home, name), jobFile))) found.push(name)
    }
    return found
  }

  async #ownRuns(): Promise<TrainingRun[]> {
    const runs: TrainingRun[] = []
    for (const id of await this.#ownFolders()) {
      const folder = modelFolder(this.#home, id)
      const job = await readJob(folder).catch(() => undefined)
      if (job !== undefined) runs.push(await ownRun(folder, id, job))
    }
    return runs
  }
}

/** Some stages are told by the phase. */
const stateOf: Readonly<Record<JobStage, TrainingRun['state']>> = {
  waiting: 'queued',
  validating: 'running',
  prepared: 'running',
  training: 'running',
  pausing: 'pausing',
  paused: 'paused',
  stopping: 'stopping',
  succeeded: 'succeeded',
  failed: 'failed',
  stopped: 'stopped',
}

function queuedRun(job: TuningJob): TrainingRun {
  const { spec, progress } = job
  const state = stateOf[jobStage(job)]
  const isOpen = job.endedAt === null
  const isAdopted = spec.isAdopted === true
  const running = phaseNames.find((name) => progress.phases[name].state === 'running')
  return {
    id: job.id,
    name: job.name,
    startedBy: 'server',
    owner: job.owner,
    state,
    phase: isOpen ? (running ?? 'waiting') : 'ended',
    model: homeModelId(spec),
    base: spec.localBase,
    data: spec.training === '' ? null : { training: spec.training, validation: spec.validation },
    step: progress.step,
    steps: progress.steps,
    trainingLoss: progress.trainingLoss,
    validationLoss: progress.validationLoss,
    secondsLeft: isOpen ? progress.secondsLeft : null,
    createdAt: job.createdAt,
    updatedAt: job.updatedAt,
    endedAt: job.endedAt,
    failure: job.failure,
    canStop: isOpen && !job.stopRequested,
    canPause: isOpen && !job.stopRequested && !job.pauseRequested,
    canResume: isOpen ? job.pauseRequested : isAdopted && state !== 'succeeded',
  }
}

/** A run of the command line, as its files tell it. */
async function ownRun(folder: string, id: string, job: TrainingJob): Promise<TrainingRun> {
  const [tail, finished, holder, changed] = await Promise.all([
    readLogTail(folder),
    stat(join(folder, manifestFile)).catch(() => undefined),
    contentOf(join(folder, 'train.lock')),
    stat(join(folder, 'events.jsonl')).catch(() => undefined),
  ])
  const isRunning = finished === undefined && holder !== undefined && !isDeadHolder(holder)
  const last = tail.findLast((event) => event.type === 'step')
  const best = tail.findLast((event) => event.type === 'validation' && event.best)
  const stored = finished === undefined ? undefined : await readStoredModel(folder, id)
  const createdAt = Date.parse(job.createdAt)
  const done = stored?.kind === 'tuned' ? stored.steps : (last?.step ?? 0)
  return {
    id,
    name: id,
    startedBy: 'command-line',
    owner: null,
    state: finished !== undefined ? 'succeeded' : isRunning ? 'running' : 'stopped',
    phase: isRunning ? 'training' : 'ended',
    model: id,
    base: job.base.id,
    data: null,
    step: done,
    steps: job.steps,
    trainingLoss: last?.loss ?? null,
    validationLoss:
      stored?.kind === 'tuned' ? stored.bestValidationLoss : best?.type === 'validation' ? best.loss : null,
    secondsLeft: isRunning ? (last?.secondsLeft ?? null) : null,
    createdAt,
    updatedAt: Math.round(changed?.mtimeMs ?? createdAt),
    endedAt: finished === undefined ? null : Math.round(finished.mtimeMs),
    failure: null,
    canStop: false,
    canPause: false,
    canResume: finished === undefined && !isRunning,
  }
}

const newestFirst = (one: TrainingRun, other: TrainingRun): number =>
  other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1)

const isAfter = (run: TrainingRun, after: { readonly createdAt: number; readonly id: string }): boolean =>
  run.createdAt < after.createdAt || (run.createdAt === after.createdAt && run.id < after.id)

const isFile = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isFile() === true
