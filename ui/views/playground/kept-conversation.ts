import { useEffect, useRef } from 'react'
import { currentKey } from '../../api/session.ts'
import { isUnderWay, type Answer, type Answers } from './use-answers.ts'

export interface Turn {
  readonly user: string
  /** What each model said to it. */
  readonly said: Readonly<Record<string, string>>
}

export interface Conversation {
  /** Undefined where it is the one that the model was trained with. */
  readonly system?: string | undefined
  readonly user: string
  /** What the answers answer. */
  readonly asked?: string | undefined
  readonly turns: readonly Turn[]
  readonly answers: Answers
}

const place = 'hone.playground'
const schema = 1

/** What stood here before a reload or another view. */
export function keptConversation(): Conversation | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place) ?? 'null') as { schema?: number } | null
    return kept?.schema === schema ? (kept as unknown as Conversation) : undefined
  } catch {
    return undefined
  }
}

/**
 * Keeps a conversation when the view or the page is left. The tab's own storage has it, not the address: what is written here may be
 * of a patient or a customer, and addresses end up in histories, logs and messages. It goes with the tab, and when the visitor signs out.
 */
export function useKeepConversation(conversation: Conversation): void {
  const latest = useRef(conversation)
  useEffect(() => {
    latest.current = conversation
  })
  useEffect(() => {
    const keep = (): void => keepConversation(latest.current)
    window.addEventListener('pagehide', keep)
    // A browser may drop a hidden tab without another word.
    document.addEventListener('visibilitychange', keep)
    return () => {
      window.removeEventListener('pagehide', keep)
      document.removeEventListener('visibilitychange', keep)
      keep()
    }
  }, [])
}

function keepConversation(conversation: Conversation): void {
  // Who signs out leaves nothing behind.
  if (currentKey() === undefined) return
  const answers = Object.entries(conversation.answers).flatMap(([model, answer]) => {
    const { text, calls, error, ...rest } = answer
    if (text === '' && calls.length === 0 && answer.finish === undefined) return []
    const isCut = isUnderWay(answer) || error !== undefined
    return [[model, { ...rest, text, calls, state: isCut ? 'stopped' : answer.state }] as const]
  })
  // The probabilities of long answers are more than a browser keeps: without them, then.
  const plain = answers.map(([model, answer]) => [model, { ...answer, shown: [] }] as const)
  for (const each of [answers, plain, []]) {
    try {
      const kept = { ...conversation, schema, answers: Object.fromEntries<Answer>(each) }
      sessionStorage.setItem(place, JSON.stringify(kept))
      return
    } catch {
      // Next with less.
    }
  }
}
