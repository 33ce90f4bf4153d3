import { useState } from 'react'
import type { Chat, Message } from '../../api/client.ts'
import { keptConversation, useKeepConversation, type Turn } from './kept-conversation.ts'
import { useAnswers } from './use-answers.ts'

/** What is said and asked on the desk. @param prompt system prompt, as long as nobody wrote another one */
export function useConversation(prompt: string) {
  const [kept] = useState(keptConversation)
  const [system, setSystem] = useState(kept?.system ?? prompt)
  const [user, setUser] = useState(kept?.user ?? '')
  const [asked, setAsked] = useState(kept?.asked)
  const [turns, setTurns] = useState<readonly Turn[]>(kept?.turns ?? [])
  const { answers, isAsking, ask, stop, clear } = useAnswers(kept?.answers ?? {})
  useKeepConversation({ system: system === prompt ? undefined : system, user, asked, turns, answers })
  const messagesFor = (model: string, text: string): Message[] => [
    ...(system.trim() === '' ? [] : [{ role: 'system' as const, content: system }]),
    ...turns.flatMap((turn): Message[] => [
      { role: 'user', content: turn.user },
      { role: 'assistant', content: turn.said[model] ?? '' },
    ]),
    { role: 'user', content: text },
  ]
  return {
    system,
    setSystem,
    user,
    setUser,
    asked,
    turns,
    answers,
    isAsking,
    stop,
    messagesFor,
    send: (models: readonly string[], settings: Omit<Chat, 'model' | 'messages'>): void => {
      setAsked(user)
      ask(models.map((model): Chat => ({ model, messages: messagesFor(model, user), ...settings })))
    },
    /** The answers become a turn, and the next question follows it. */
    goOn: (): void => {
      if (asked === undefined) return
      const said = Object.fromEntries(Object.entries(answers).map(([model, { text }]) => [model, text]))
      setTurns([...turns, { user: asked, said }])
      setAsked(undefined)
      setUser('')
      clear()
    },
    beginAnew: (): void => {
      setTurns([])
      setAsked(undefined)
      clear()
    },
  }
}
