import type { Example } from '../../core/example.ts'
import type { AnswerChoice } from '../../core/training-settings.ts'
import { encodeExamples } from '../../engine/train/encode-examples.ts'
import { trainedTokens, type EncodedSequence } from '../../engine/train/encoded-example.ts'
import type { ModelText } from '../../text/load-chat-text.ts'

/** `cut` is beyond the limit, whatever it would have been. */
export type TokenState = 'trained' | 'masked' | 'cut'

interface ViewedToken {
  readonly id: number
  /** What the token adds to the text; a character of several tokens comes with the last of them. */
  readonly text: string
  readonly state: TokenState
  /** A special token; text that only looks like one has not got this. */
  readonly special?: true
  /** Of a cut token: whether it would have carried loss. */
  readonly trained?: boolean
}

interface TokenWarning {
  readonly id:
    | 'nothing-trained'
    | 'nothing-trained-within'
    | 'answer-cut'
    | 'context-cut'
    | 'doubled-beginning'
    | 'doubled-end'
    | 'special-text'
    | 'joined-answer'
    | 'no-token'
  readonly message: string
}

/** One sequence as the model sees it in training. */
export interface TokenView {
  /** What it is: the record's only answer, or one of a preference pair. */
  readonly answer: 'only' | 'preferred' | 'rejected'
  readonly counts: Readonly<Record<TokenState, number>>
  readonly tokens: readonly ViewedToken[]
}

export interface ViewedExample {
  readonly sequences: readonly TokenView[]
  readonly warnings: readonly TokenWarning[]
}

export interface ViewSettings {
  readonly answers: AnswerChoice
  /** Longest record in tokens. */
  readonly limit: number
}

/**
 * The loss mask of one example, by the very function that training encodes with, and what is odd about it.
 *
 * @throws HoneError `E_TEMPLATE` or `E_DATA` where training could not take the example either
 */
export function viewExample(
  example: Example,
  text: ModelText,
  { answers, limit }: ViewSettings,
): ViewedExample {
  const isPair = example.rejected !== undefined
  const [encoded] = encodeExamples([example], text.chatText, { answers, method: isPair ? 'dpo' : 'sft' })
  if (encoded === undefined) return { sequences: [], warnings: [] }
  const sequences = [
    { answer: isPair ? 'preferred' : 'only', sequence: encoded } as const,
    ...(encoded.rejected === undefined ? [] : [{ answer: 'rejected', sequence: encoded.rejected } as const]),
  ]
  const said = new Map<string, TokenWarning>()
  const warn = (id: TokenWarning['id'], message: string): void =>
    void said.set(`${id} ${message}`, { id, message })
  for (const { answer, sequence } of sequences) {
    warnOfSequence(sequence, text, limit, (id, message) =>
      warn(id, answer === 'only' ? message : `${answer} answer: ${message}`),
    )
  }
  warnOfText(example, text, { answers, limit }, warn)
  return {
    sequences: sequences.map(({ answer, sequence }) => viewOf(answer, sequence, text, limit)),
    warnings: [...said.values()],
  }
}

const counted = (tokens: number): string => (tokens === 1 ? '1 token lies' : `${tokens} tokens lie`)

type Warn = (id: TokenWarning['id'], message: string) => void

function warnOfSequence(
  sequence: EncodedSequence,
  { tokenizer }: ModelText,
  limit: number,
  warn: Warn,
): void {
  const { tokens, trained } = sequence
  const all = trainedTokens(sequence)
  const within = trainedTokens({ tokens, trained: trained.slice(0, limit) })
  if (all === 0) warn('nothing-trained', 'no token is trained')
  else if (within === 0)
    warn('nothing-trained-within', `all ${all} trained tokens lie beyond the limit of ${limit}`)
  else if (within < all) {
    warn('answer-cut', `${all - within} of ${all} tokens of the answer lie beyond the limit of ${limit}`)
  } else if (tokens.length > limit)
    warn('context-cut', `${counted(tokens.length - limit)} beyond the limit of ${limit}, none of the answer`)
  const { beginningOfSequence: beginning, endOfSequence: end } = tokenizer
  for (let at = 1; at < tokens.length; at++) {
    if (tokens[at] !== tokens[at - 1]) continue
    if (tokens[at] === beginning && beginning !== end) {
      warn('doubled-beginning', `two beginning-of-sequence tokens in a row, at token ${at}`)
    } else if (tokens[at] === end) warn('doubled-end', `two end-of-sequence tokens in a row, at token ${at}`)
  }
}

function warnOfText(
  { messages, learned, rejected, tools }: Example,
  { tokenizer, chatText }: ModelText,
  { answers }: ViewSettings,
  warn: Warn,
): void {
  const contents = [...messages.map(({ content }) => content), ...(rejected === undefined ? [] : [rejected])]
  contents.forEach((content, index) => {
    const where = index < messages.length ? `message ${index + 1}` : 'the rejected answer'
    const special = [...tokenizer.specialTokens.keys()].filter((token) => content.includes(token))
    if (special.length > 0) {
      warn(
        'special-text',
        `${where} holds ${special.slice(0, 3).join(' ')}: read as plain text, not as the special token`,
      )
    }
    const dropped = tokenizer.droppedCharacters(content)
    if (dropped.length > 0) {
      warn(
        'no-token',
        `${where} holds characters without a token, which are left out: ${dropped.slice(0, 5).join(' ')}`,
      )
    }
  })
  const { joinedAnswers } = chatText.encodeExample(messages, {
    answers: rejected === undefined ? answers : 'last',
    learned: rejected === undefined ? learned : undefined,
    tools,
  })
  if (joinedAnswers > 0) {
    warn(
      'joined-answer',
      `${joinedAnswers} ${joinedAnswers === 1 ? 'answer begins' : 'answers begin'} inside a token that also holds the end of the prompt; that token is not trained`,
    )
  }
}

function viewOf(
  answer: TokenView['answer'],
  { tokens, trained }: EncodedSequence,
  { tokenizer }: ModelText,
  limit: number,
): TokenView {
  const decoder = tokenizer.streamDecoder({ special: true })
  const special = new Set(tokenizer.specialTokens.values())
  const counts = { trained: 0, masked: 0, cut: 0 }
  const viewed = tokens.map((id, at): ViewedToken => {
    // Nothing stands before the first token that it could be predicted from.
    const isTrained = at > 0 && trained[at] === true
    const state = at >= limit ? 'cut' : isTrained ? 'trained' : 'masked'
    counts[state]++
    const text = decoder.push(id) + (at === tokens.length - 1 ? decoder.end() : '')
    return {
      id,
      text,
      state,
      ...(special.has(id) ? { special: true } : {}),
      ...(state === 'cut' ? { trained: isTrained } : {}),
    }
  })
  return { answer, counts, tokens: viewed }
}
