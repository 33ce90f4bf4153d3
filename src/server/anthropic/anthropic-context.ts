import type { ServerParts } from '../../service/serving/open-server-parts.ts'

/** What the API in Anthropic's words works with. */
export type AnthropicContext = Pick<
  ServerParts,
  | 'answering'
  | 'batch'
  | 'checkpoints'
  | 'endpoints'
  | 'inference'
  | 'invocations'
  | 'modelMap'
  | 'models'
  | 'objects'
  | 'throughput'
  | 'tuning'
  | 'uploadedFiles'
> & {
  /** Milliseconds since 1970. */
  readonly now: () => number
}
