import { packageVersion } from '../../lib/package-version.ts'
import type { ApiRoute } from '../json-api/api-route.ts'
import { stateOperations } from './contract/state.ts'
import { toJob } from './jobs.ts'
import { gateOf } from './models.ts'
import type { NativeContext } from './native-context.ts'
import { nativeRoute } from './native-route.ts'

/** Runs that are shown in each list. */
const shown = 10
/** Milliseconds after which a failure needs no attention any more. */
const week = 7 * 86_400_000

export const stateRoutes = ({ home, parts, services, runs, now }: NativeContext): ApiRoute[] => [
  nativeRoute(stateOperations.getState, async ({ identity }) => {
    const [{ models }, { datasets }, all, jobs, load] = await Promise.all([
      services.models.list(),
      services.data.list(),
      runs.list({ limit: 500 }),
      runs.count(),
      parts.load(),
    ])
    const isOpen = ({ phase }: (typeof all)[number]): boolean => phase !== 'ended'
    const running = all.filter(isOpen)
    const recent = all.filter(({ updatedAt }) => now() - updatedAt < week)
    const tuned = models.filter(({ kind }) => kind === 'tuned')
    const verdicts = await Promise.all(
      tuned.map(async ({ id, folder }) => ({ id, gate: await gateOf(folder) })),
    )
    const verdictsAgainst = verdicts.filter(({ gate }) => gate?.verdict === 'not promoted')
    return {
      hone: packageVersion(),
      home,
      isEmpty: datasets.length === 0 && tuned.length === 0 && jobs === 0,
      counts: {
        datasets: new Set(datasets.map(({ version }) => version.name)).size,
        bases: models.filter(({ kind }) => kind === 'base').length,
        tuned: tuned.length,
        jobs,
      },
      running: running.map(toJob),
      finished: all
        .filter((run) => !isOpen(run))
        .slice(0, shown)
        .map(toJob),
      attention: [
        ...recent
          .filter(({ state }) => state === 'failed')
          .map(({ id, name, failure }) => ({
            what: 'job-failed' as const,
            id,
            message: `${name} failed: ${failure?.message ?? 'it is not known why'}`,
          })),
        ...all
          .filter(({ canResume }) => canResume)
          .map(({ id, name, step, steps }) => ({
            what: 'run-interrupted' as const,
            id,
            message: `${name} stands still at step ${step} of ${steps}`,
            hint: `go on: POST /api/jobs/${id}/resume`,
          })),
        ...models
          .filter((model) => model.kind === 'broken')
          .map(({ id, problem }) => ({
            what: 'model-broken' as const,
            id,
            message: `${id} cannot be read: ${problem}`,
            hint: `remove it and make it again: DELETE /api/models/${id}`,
          })),
        ...verdictsAgainst.map(({ id }) => ({
          what: 'not-promoted' as const,
          id,
          message: `the gate does not promote ${id}`,
        })),
      ],
      modelsInMemory: load.modelsInMemory,
      user: identity.user,
      allow: identity.allow,
    }
  }),
]
