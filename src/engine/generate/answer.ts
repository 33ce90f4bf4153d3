import type { AnswerToken, ChatPart, FinishReason, PromptCacheUse } from '../../core/chat-model.ts'
import { onAbort } from '../../lib/on-abort.ts'
import { createRandom, type Random } from '../../lib/random.ts'
import type { ConstrainedAnswer } from '../../text/grammar/token-constraint.ts'
import type { Tokenizer } from '../../text/tokenizer.ts'
import type { ResidentAdapter } from '../adapter/resident-adapter.ts'
import { AnswerText } from './answer-text.ts'
import { createTokenDescriber, type DescribeToken } from './describe-token.ts'
import { RoundedDraft } from './rounded-draft.ts'
import { TokenDraft } from './token-draft.ts'
import { sampleAllowed } from './sample-allowed.ts'
import { logProbabilityOf, sampleToken, type SamplingSettings } from './sample-token.ts'

/** What is generated is text; calls of tools are read out of it later. */
export type AnswerPart = Exclude<ChatPart, { readonly type: 'tool-call' }>

export interface GenerationRequest extends SamplingSettings {
  /** Of a model that is given adapters with each run; without one the base answers. */
  readonly adapter?: ResidentAdapter | undefined
  /** Its prompt is read before those of others that wait, and it has a place beside as many as are answered at once. */
  readonly ahead?: boolean
  readonly prompt: readonly number[]
  readonly maxTokens: number
  readonly stop: readonly string[]
  readonly seed: number
  readonly logProbabilities: boolean
  /** Tell each token, with so many of the likeliest at its place. */
  readonly likeliestTokens?: number | undefined
  /** What the answer must be; of this request alone, it goes on with the answer. */
  readonly constraint?: ConstrainedAnswer | undefined
  readonly signal?: AbortSignal
  readonly onPart: (part: AnswerPart) => void
}

/** One answer that is being written. */
export class Answer {
  readonly request: GenerationRequest
  /** The prompt and what has been answered so far. */
  readonly sequence: number[]
  readonly draft: TokenDraft = new TokenDraft()
  readonly roundedDraft: RoundedDraft = new RoundedDraft()
  readonly #random: Random
  readonly #decoder: ReturnType<Tokenizer['streamDecoder']>
  readonly #text: AnswerText
  /** Settles when the answer is finished or cancelled, or with what made it fail. */
  readonly ended: Promise<{ readonly error: unknown } | undefined>
  #settle: (failure: { readonly error: unknown } | undefined) => void = () => undefined
  #ignoreSignal = (): void => undefined
  #tokens = 0
  #unsent: number[] = []
  #cache: PromptCacheUse | undefined
  readonly #describe: DescribeToken | undefined
  #unsentTokens: AnswerToken[] = []
  #done = false

  constructor(request: GenerationRequest, tokenizer: Tokenizer) {
    this.request = request
    this.sequence = [...request.prompt]
    this.#random = createRandom(request.seed)
    this.#decoder = tokenizer.streamDecoder()
    this.#text = new AnswerText(request.stop)
    const { likeliestTokens } = request
    this.#describe =
      likeliestTokens === undefined ? undefined : createTokenDescriber(tokenizer, likeliestTokens)
    this.ended = new Promise((resolve) => {
      this.#settle = resolve
    })
    this.#ignoreSignal = onAbort(request.signal, () => this.#end())
  }

  get done(): boolean {
    return this.#done
  }

  get lastToken(): number {
    return this.sequence.at(-1) ?? 0
  }

  /** The most tokens that are still to come. */
  get tokensLeft(): number {
    return this.request.maxTokens - this.#tokens
  }

  /** What was there of the prompt when it was read first; later readings hold what was answered, too. */
  noteCache(use: PromptCacheUse): void {
    this.#cache ??= use
  }

  fail(error: unknown): void {
    this.#end({ error })
  }

  /**
   * Chooses the next token.
   *
   * @param logits `[vocabulary]`
   * @param contextLength how many tokens the model's context holds
   */
  take(logits: Float32Array, endOfTurn: ReadonlySet<number>, contextLength: number): void {
    if (this.#done) return
    try {
      this.#take(logits, endOfTurn, contextLength)
    } catch (error) {
      // Of its listener, say: nothing that concerns the others of its batch.
      this.fail(error)
    }
  }

  #take(logits: Float32Array, endOfTurn: ReadonlySet<number>, contextLength: number): void {
    const { constraint } = this.request
    const token =
      constraint === undefined
        ? sampleToken(logits, this.request, this.#random)
        : sampleAllowed(logits, constraint, endOfTurn, this.request, this.#random)
    if (endOfTurn.has(token)) {
      this.#stop()
      return
    }
    constraint?.take(token)
    this.sequence.push(token)
    this.#tokens += 1
    if (this.request.logProbabilities) this.#unsent.push(logProbabilityOf(token, logits))
    if (this.#describe !== undefined) this.#unsentTokens.push(this.#describe(token, logits))
    this.#send(this.#text.push(this.#decoder.push(token)))
    if (this.#text.stopped) this.#finish('stop')
    else if (constraint?.mustEnd === true) this.#stop()
    else if (this.#tokens >= this.request.maxTokens || this.sequence.length >= contextLength) {
      this.#send(this.#text.push(this.#decoder.end()) + this.#text.end())
      this.#finish(this.#text.stopped ? 'stop' : 'length')
    }
  }

  #stop(): void {
    this.#send(this.#text.push(this.#decoder.end()) + this.#text.end())
    this.#finish('stop')
  }

  #send(text: string): void {
    if (text === '' || this.#done) return
    const { logProbabilities, onPart } = this.request
    onPart({
      type: 'text-delta',
      text,
      ...(logProbabilities ? { logProbabilities: this.#unsent } : {}),
      ...(this.#describe === undefined ? {} : { tokens: this.#unsentTokens }),
    })
    this.#unsent = []
    this.#unsentTokens = []
  }

  #finish(reason: FinishReason): void {
    // Whoever got the last part may have cancelled.
    if (this.#done) return
    const usage = {
      promptTokens: this.request.prompt.length,
      completionTokens: this.#tokens,
      ...(this.#cache === undefined ? {} : { cache: this.#cache }),
    }
    const { stop: stopSequence } = this.#text
    this.request.onPart({
      type: 'finish',
      reason,
      usage,
      ...(stopSequence === undefined ? {} : { stopSequence }),
    })
    this.#end()
  }

  #end(failure?: { readonly error: unknown }): void {
    if (this.#done) return
    this.#done = true
    this.#ignoreSignal()
    this.#settle(failure)
  }
}
