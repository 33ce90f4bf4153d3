/** The name of a model behind an OpenAI-compatible URL, in a configuration. */
export type HostedName = `openai-compatible:${string}`

/** How a model of a service is reached. */
export interface HostedConnection {
  /** Such as `https://api.openai.com/v1`: what `/chat/completions` follows. */
  readonly url: string
  /** The environment variable that holds the key. Without it none is sent. */
  readonly keyVariable?: string
  /** How often a request that failed for the moment is sent again. Default 4. */
  readonly retries?: number
  /** Requests under way at once. Default 4. */
  readonly concurrency?: number
  /** Longest wait for an answer. Default 120. */
  readonly timeoutSeconds?: number
}

/** A model of a service, by the name that the service gives it. */
export interface HostedModel extends HostedConnection {
  readonly name: string
  /** US dollars for a million tokens, where it is known. */
  readonly price?: { readonly input: number; readonly output: number }
}

export const hostedPrefix = 'openai-compatible:'

export const isHostedName = (model: string): model is HostedName => model.startsWith(hostedPrefix)
