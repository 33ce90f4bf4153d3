import type { Profile } from './profile.ts'

export interface LifecycleProblem {
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly hint: string
}

export interface LifecycleOptions {
  /** The moment to judge by. */
  readonly now: Date
  /** True where a job is about to go to the service itself: what was only said is then an error. */
  readonly atService?: boolean
}

/** Days before an end at which it is spoken of. */
const noticeDays = 180

/** What the state of a base means for a job: nothing where it takes jobs and goes on doing so. */
export function checkLifecycle(
  profile: Profile,
  { now, atService = false }: LifecycleOptions,
): LifecycleProblem[] {
  const { noNewJobs, unlisted, endOfLife, successors, note } = profile.lifecycle
  const today = now.toISOString().slice(0, 10)
  const instead = successors.length === 0 ? '' : `; a base to use instead: ${successors.join(' or ')}`
  const hint = `hone train can tune a local base with this file${instead}`
  const service = profile.service === 'bedrock' ? "Amazon's" : "OpenAI's"
  if (endOfLife !== undefined && endOfLife <= today) {
    const message = `this base was retired on ${endOfLife}; on ${service} side no job will start`
    return [{ severity: atService ? 'error' : 'warning', message, hint }]
  }
  const closed = unlisted ?? noNewJobs
  if (closed !== undefined && closed <= today) {
    const end = endOfLife === undefined ? '' : `, and it ends on ${endOfLife}`
    const since =
      unlisted === undefined
        ? `takes no new jobs since ${closed}`
        : `is no longer among those that take jobs (page of ${closed})`
    return [{ severity: atService ? 'error' : 'warning', message: `this base ${since}${end}`, hint }]
  }
  const first = [noNewJobs, endOfLife].filter((day) => day !== undefined).toSorted()[0]
  if (first === undefined || daysBetween(today, first) > noticeDays) return []
  const parts = [
    ...(noNewJobs === undefined ? [] : [`the last new jobs are taken on ${noNewJobs}`]),
    ...(endOfLife === undefined ? [] : [`the base and what was tuned from it end on ${endOfLife}`]),
    ...(note === undefined ? [] : [note]),
  ]
  return [{ severity: 'warning', message: parts.join('; '), hint }]
}

const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000
