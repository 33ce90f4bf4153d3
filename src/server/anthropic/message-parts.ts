import { randomInt } from 'node:crypto'
import { HoneError } from '../../core/errors.ts'
import type { AnsweringModel } from '../../service/serving/answering-models.ts'
import { BodyFault, type DialectPart, type DialectRequest } from '../../wire/dialect-request.ts'
import { answerParts } from '../answer/answer-parts.ts'
import type { AnthropicContext } from './anthropic-context.ts'

const largestSeed = 2 ** 31

/**
 * The parts of an answer. Whoever asks again gets another one, where it is drawn: the API has no seeds.
 *
 * @param client who takes turns with others
 * @throws what `answerParts` throws; of a schema that cannot be kept to the place in the request
 */
export async function* messageParts(
  context: Pick<AnthropicContext, 'inference' | 'throughput'>,
  model: AnsweringModel,
  asked: DialectRequest,
  { signal, client }: { readonly signal: AbortSignal; readonly client: string },
): AsyncGenerator<DialectPart> {
  try {
    yield* answerParts(context, model, { ...asked, seed: randomInt(largestSeed) }, signal, client)
  } catch (error) {
    throw placedFault(error) ?? error
  }
}

/** What cannot be kept to, where the client wrote it. */
function placedFault(error: unknown): BodyFault | undefined {
  if (!HoneError.isInstance(error) || error.code !== 'E_CONSTRAINT') return undefined
  const { pointer = '' } = error.at
  const place = pointer.startsWith('/tools/')
    ? pointer.replace(/^(\/tools\/\d+\/)parameters/, '$1input_schema')
    : pointer.startsWith('/toolChoice')
      ? pointer.replace('/toolChoice', '/tool_choice')
      : `/output_config/format/schema${pointer}`
  return new BodyFault(place, error.hint === undefined ? error.message : `${error.message} (${error.hint})`)
}
