import { z } from 'zod'
import { BodyFault, type DialectAnswer } from '../../../wire/dialect-request.ts'
import { readWith } from '../../../wire/read-body.ts'
import type { AwsRequest } from '../../aws/aws-request.ts'
import { validationError } from '../bedrock-error.ts'

const latencies = ['standard', 'optimized']
const tiers = ['default', 'flex', 'priority', 'reserved']

/**
 * Headers of an answer of `InvokeModel` that tell what was made of those of the request which are not the model's. There is one
 * tier and one latency here: whoever asks for others is told which they got, as Amazon does where it falls back to them.
 *
 * @throws AwsError for a guardrail, and for what Amazon does not know
 */
export function settingsHeaders({ headers }: Pick<AwsRequest, 'headers'>): Record<string, string> {
  const guardrail = ['guardrailidentifier', 'guardrailversion'].find(
    (name) => headers[`x-amzn-bedrock-${name}`] !== undefined,
  )
  if (guardrail !== undefined) {
    throw validationError(
      'Guardrails are not applied here: guardrailIdentifier and guardrailVersion are not supported.',
    )
  }
  return {
    ...told('performanceconfig-latency', latencies, 'standard'),
    ...told('service-tier', tiers, 'default'),
  }

  function told(name: string, known: readonly string[], given: string): Record<string, string> {
    const header = `x-amzn-bedrock-${name}`
    const asked = headers[header]
    if (asked === undefined) return {}
    if (!known.includes(asked)) throw validationError(`${header} must be one of ${known.join(', ')}`)
    return { [header]: given }
  }
}

const converseSettings = z.object({
  additionalModelResponseFieldPaths: z.array(z.string().min(1).max(256)).max(10).optional(),
  performanceConfig: z.object({ latency: z.enum(latencies).optional() }).optional(),
  serviceTier: z.object({ type: z.enum(tiers) }).optional(),
})

export interface ConverseSettings {
  /** Members of the answer, or of the event `metadata`. */
  readonly told: object
  /** Members of the answer, or of the event `messageStop`. */
  readonly fieldsOf: (answer: Pick<DialectAnswer, 'stopSequence'>) => object
}

/**
 * What a request of `Converse` asks beside an answer. Of the model's own members, `/stop_sequence` can be asked for; others are
 * left out, as Amazon leaves out what a model does not answer.
 *
 * @throws BodyFault
 */
export function readConverseSettings(body: unknown): ConverseSettings {
  const asked = readWith(converseSettings, body)
  const paths = asked.additionalModelResponseFieldPaths ?? []
  const wrong = paths.findIndex((path) => !path.startsWith('/'))
  if (wrong !== -1) {
    throw new BodyFault(`/additionalModelResponseFieldPaths/${wrong}`, 'a JSON pointer begins with a slash')
  }
  return {
    told: {
      ...(asked.performanceConfig === undefined ? {} : { performanceConfig: { latency: 'standard' } }),
      ...(asked.serviceTier === undefined ? {} : { serviceTier: { type: 'default' } }),
    },
    fieldsOf: ({ stopSequence = null }) =>
      paths.includes('/stop_sequence')
        ? { additionalModelResponseFields: { stop_sequence: stopSequence } }
        : {},
  }
}
