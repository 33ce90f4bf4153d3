import { importedBase } from '../../../service/model-jobs/model-job.ts'
import { anthropicMessages } from '../../../wire/bodies/anthropic-messages.ts'
import { llamaPrompt } from '../../../wire/bodies/llama-prompt.ts'
import { novaMessages } from '../../../wire/bodies/nova-messages.ts'
import { titanText } from '../../../wire/bodies/titan-text.ts'
import type { BodyCodec } from '../../../wire/dialect-request.ts'

/** The body that the models of a family take, by the start of their id. */
const codecs: readonly (readonly [start: string, codec: BodyCodec])[] = [
  ['anthropic.', anthropicMessages],
  // A model that was tuned by Anthropic's API has the name of its base there.
  ['claude-', anthropicMessages],
  ['amazon.nova-', novaMessages],
  ['amazon.titan-text-', titanText],
  ['meta.llama', llamaPrompt],
  // What was imported is asked as Bedrock asks it: with one prompt.
  [importedBase, llamaPrompt],
]

/** Undefined for a family whose body is not read here; `Converse` reaches its models all the same. */
export const codecOf = (baseIdentifier: string): BodyCodec | undefined =>
  codecs.find(([start]) => baseIdentifier.startsWith(start))?.[1]
