import { HoneError } from '../../core/errors.ts'
import { delay } from '../../lib/delay.ts'
import { readRunLog, type LoggedEvent } from '../../service/training-runs/run-log.ts'
import { readRunMetrics } from '../../service/training-runs/run-metrics.ts'
import type { TrainingRun, TrainingRunDetails } from '../../service/training-runs/training-run.ts'
import { phaseNames, type Phase, type PhaseName } from '../../service/tuning/tuning-job.ts'
import type { ApiCall, ApiRoute } from '../json-api/api-route.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { askSamples } from './ask-samples.ts'
import { jobOperations } from './contract/jobs.ts'
import { jobPlace, LogPosition } from './log-position.ts'
import type { NativeContext } from './native-context.ts'
import { nativeRoute } from './native-route.ts'

export const jobRoutes = (context: NativeContext): ApiRoute[] => {
  const { runs } = context
  return [
    nativeRoute(jobOperations.listJobs, async ({ search }) => {
      const { state, limit, after } = search
      const found = await runs.list({
        state,
        limit,
        after: after === undefined ? undefined : readCursor(after),
      })
      const last = found.at(-1)
      return {
        jobs: found.map(toJob),
        next: last === undefined || found.length < limit ? null : writeCursor(last),
      }
    }),
    nativeRoute(jobOperations.getJob, async (call) => toDetails(await runs.find(jobId(call)))),
    nativeRoute(jobOperations.followJob, (call) => follow(context, call)),
    nativeRoute(jobOperations.listJobEvents, async (call) => {
      const details = await runs.find(jobId(call))
      const from = LogPosition.read(call.search.after, details).byte
      const { events, end } = await readRunLog(details.folder, from, call.search.limit)
      return {
        events: events.map(({ event }) => event),
        next: events.length < call.search.limit ? null : jobPlace(details, end),
      }
    }),
    nativeRoute(jobOperations.getJobMetrics, async (call) => {
      const { folder } = await runs.find(jobId(call))
      return readRunMetrics(folder, call.search.points)
    }),
    nativeRoute(jobOperations.stopJob, async (call) => {
      const { run } = await runs.find(jobId(call))
      if (!run.canStop) throw cannot(run, 'be stopped')
      await context.parts.tuning.stop(run.id)
      return toJob((await runs.find(run.id)).run)
    }),
    nativeRoute(jobOperations.pauseJob, async (call) => {
      const { run } = await runs.find(jobId(call))
      if (!run.canPause) throw cannot(run, 'be paused')
      await context.parts.tuning.pause(run.id)
      return toJob((await runs.find(run.id)).run)
    }),
    nativeRoute(jobOperations.resumeJob, async (call) =>
      toJob(await runs.resume(jobId(call), call.identity.user)),
    ),
    nativeRoute(jobOperations.getJobSamples, async (call, onProgress) => {
      const details = await runs.find(jobId(call))
      return askSamples(context, details, call, onProgress)
    }),
  ]
}

const jobId = ({ labels }: Pick<ApiCall, 'labels'>): string => labels['id'] ?? ''

function cannot(run: TrainingRun, what: string): HoneError {
  return new HoneError('E_EXISTS', `the job ${run.id} is ${run.state} and cannot ${what}`, {
    hint:
      run.startedBy === 'command-line' && run.state === 'running'
        ? 'it runs on the command line: stop it there with Ctrl-C'
        : 'see how it stands: GET /api/jobs/{id}',
  })
}

/** Milliseconds between two looks at a run. */
const lookEvery = 300

/** The run and its log until it has ended: first how it stands, then what happens, each with the place to go on from. */
async function* follow(
  { runs }: NativeContext,
  call: ApiCall,
): AsyncGenerator<
  | { readonly event: 'job' | 'end'; readonly data: ShownJob }
  | { readonly event: 'training'; readonly data: LoggedEvent; readonly id: string }
> {
  const { signal } = call
  let position: LogPosition | undefined
  let told = ''
  for (;;) {
    const details = await runs.find(jobId(call))
    const job = toJob(details.run)
    const stands = JSON.stringify(job)
    if (stands !== told) {
      told = stands
      yield { event: 'job', data: job }
    }
    position ??= LogPosition.read(call.headers['last-event-id'], details)
    position = position.in(details)
    for (;;) {
      const { events, end } = await readRunLog(details.folder, position.byte, 500)
      for (const { event, end: place } of events) {
        yield { event: 'training', data: event, id: jobPlace(details, place) }
      }
      position = position.at(end)
      if (events.length === 0) break
    }
    if (details.run.phase === 'ended') {
      yield { event: 'end', data: job }
      return
    }
    await delay(lookEvery, signal)
  }
}

const time = (milliseconds: number): string => new Date(milliseconds).toISOString()

type ShownJob = Omit<TrainingRun, 'createdAt' | 'updatedAt' | 'endedAt'> & {
  readonly createdAt: string
  readonly updatedAt: string
  readonly endedAt: string | null
}

/** A run as the API shows it. */
export const toJob = (run: TrainingRun): ShownJob => ({
  ...run,
  createdAt: time(run.createdAt),
  updatedAt: time(run.updatedAt),
  endedAt: run.endedAt === null ? null : time(run.endedAt),
})

function toDetails({ run, job, phases, attempts, checkpoints }: TrainingRunDetails): {
  readonly job: ShownJob
  readonly settings: Readonly<Record<string, unknown>> | null
  readonly examples: { readonly training: number; readonly validation: number } | null
  readonly environment: Readonly<Record<string, unknown>> | null
  readonly phases: readonly {
    readonly name: PhaseName
    readonly state: Phase['state']
    readonly from: string | null
    readonly changed: string | null
  }[]
  readonly checkpoints: readonly {
    readonly model: string
    readonly step: number
    readonly epoch: number
    readonly loss: number
    readonly validationLoss: number | null
  }[]
  readonly attempts: number
} {
  return {
    job: toJob(run),
    settings: job === null ? null : { ...job.settings },
    examples:
      job === null
        ? null
        : { training: job.data.training.examples, validation: job.data.validation?.examples ?? 0 },
    environment: job === null ? null : { ...job.environment },
    phases: phaseNames.flatMap((name) => {
      const phase = phases?.[name]
      if (phase === undefined) return []
      const { state, from, changed } = phase
      return [
        {
          name,
          state,
          from: from === undefined ? null : time(from),
          changed: changed === undefined ? null : time(changed),
        },
      ]
    }),
    checkpoints: checkpoints.map(({ document }) => {
      const { homeId: model, step, epoch, loss, validationLoss } = document
      return { model, step, epoch, loss, validationLoss }
    }),
    attempts,
  }
}
