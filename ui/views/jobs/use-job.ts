import { useEffect, useRef, useState } from 'react'
import type { ApiError } from '../../api/api-error.ts'
import type { Job, TrainingEvent } from '../../api/client.ts'
import { useFollow, type Connection } from '../../api/events.ts'
import { refresh } from '../../api/query.ts'
import { eventWords } from '../../kit/job-words.ts'

export interface ToldEvent {
  readonly id: string
  readonly event: TrainingEvent
}

type StepEvent = Extract<TrainingEvent, { type: 'step' }>

/** What a job told so far. */
export interface FollowedJob {
  readonly job: Job | undefined
  /** All but steps, oldest first. */
  readonly events: readonly ToldEvent[]
  readonly lastStep: StepEvent | undefined
  readonly connection: Connection
  readonly error: ApiError | undefined
}

type Told = Pick<FollowedJob, 'job' | 'events' | 'lastStep'>

const nothing: Told = { job: undefined, events: [], lastStep: undefined }
/** Milliseconds in which what is told is shown at once: a job that is opened tells all that it has done. */
const gathering = 100

/** A job as it goes on, by its stream of events; the numbers of the charts are asked for again while they grow. */
export function useJob(id: string): FollowedJob {
  const told = useRef<Told>(nothing)
  const [shown, show] = useState<Told>(nothing)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const numbers = useRef({ isStale: false, next: 0 })
  useEffect(() => {
    told.current = nothing
    show(nothing)
    return () => {
      clearTimeout(timer.current)
      timer.current = undefined
    }
  }, [id])

  const flush = (): void => {
    timer.current = undefined
    show(told.current)
    const { isStale, next } = numbers.current
    if (!isStale) return
    const now = Date.now()
    if (now < next) {
      timer.current = setTimeout(flush, next - now)
      return
    }
    void askAgain(now)
  }
  const askAgain = async (asked: number): Promise<void> => {
    numbers.current = { isStale: false, next: asked + 1500 }
    await refresh(['getJobMetrics'])
    // The longer the log, the longer it takes to read, and the seldomer it is.
    const took = Date.now() - asked
    numbers.current.next = Math.max(numbers.current.next, Date.now() + 5 * took)
  }
  const { connection, error } = useFollow('followJob', id, (event) => {
    const was = told.current
    if (event.event === 'training') {
      const { data, id: at = '' } = event
      numbers.current.isStale = true
      if (data.type === 'step') told.current = { ...was, lastStep: data }
      else if (eventWords(data) !== undefined && was.events.at(-1)?.id !== at) {
        told.current = { ...was, events: [...was.events, { id: at, event: data }] }
      }
      if (data.type === 'epoch') void refresh(['getJob'])
    } else if (event.event !== 'error') {
      if (was.job?.state !== event.data.state || was.job?.phase !== event.data.phase) {
        void refresh(['getJob', 'getState', 'listJobs'])
      }
      if (event.event === 'end') numbers.current = { isStale: true, next: 0 }
      told.current = { ...was, job: event.data }
    }
    timer.current ??= setTimeout(flush, gathering)
  })
  return { ...shown, connection, error }
}
