import type { Attention, Evaluation, Upload } from '../../api/contract.ts'
import { formatBytes, formatPercent } from '../../kit/format.ts'

/** Something that somebody should see to, and where that is done. */
export interface Need {
  readonly what: Attention['what'] | 'evaluation-failed' | 'upload-unfinished'
  readonly id: string
  readonly message: string
  readonly href: string
  readonly action: string
}

const places: Readonly<Record<Attention['what'], readonly [area: string, action: string]>> = {
  'job-failed': ['jobs', 'See why'],
  'run-interrupted': ['jobs', 'See the job'],
  'model-broken': ['models', 'See the model'],
  'not-promoted': ['models', 'See the rules'],
}

/** What stands still or went wrong, with what the API does not count: evaluations that failed and uploads that were not ended. */
export function needsOf(
  attention: readonly Attention[],
  evaluations: readonly Evaluation[],
  uploads: readonly Upload[],
): readonly Need[] {
  return [
    ...attention.map(({ what, id, message }): Need => {
      const [area, action] = places[what]
      return { what, id, message: upper(message), href: `/${area}/${encodeURIComponent(id)}`, action }
    }),
    ...evaluations
      .filter(({ state }) => state === 'failed')
      .map(({ id, name, failure }): Need => {
        const why = failure?.message ?? 'it is not known why'
        return {
          what: 'evaluation-failed',
          id,
          message: `The evaluation ${name} failed: ${why}`,
          href: `/evaluations/${encodeURIComponent(id)}`,
          action: 'See why',
        }
      }),
    ...uploads.map(({ id, name, bytes, offset }): Need => ({
      what: 'upload-unfinished',
      id,
      message: `${name} was not sent to its end: ${formatPercent(offset / bytes, 0)} of ${formatBytes(bytes)}`,
      href: '/datasets',
      action: 'Go on or give it up',
    })),
  ]
}

const upper = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`
