import { useEffect, useRef, useState } from 'react'
import { toApiError, type ApiError } from '../../api/api-error.ts'
import type { Chat, ChatFinish } from '../../api/client.ts'
import { stream } from '../../api/events.ts'
import type { AnswerPiece } from './answer.ts'

export interface Answer {
  readonly state: 'waiting' | 'streaming' | 'finished' | 'stopped' | 'failed'
  readonly pieces: readonly AnswerPiece[]
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[]
  readonly finish?: ChatFinish | undefined
  readonly error?: ApiError | undefined
}

const fresh: Answer = { state: 'waiting', pieces: [], calls: [] }

/** Asks several models at once; each answer comes as it is generated. Leaving the view ends them. */
export function useAnswers(): {
  readonly answers: Readonly<Record<string, Answer>>
  readonly isAsking: boolean
  readonly ask: (requests: readonly Chat[]) => void
  readonly stop: (model?: string) => void
  readonly clear: () => void
} {
  const [answers, setAnswers] = useState<Readonly<Record<string, Answer>>>({})
  const running = useRef(new Map<string, AbortController>())
  useEffect(() => {
    const all = running.current
    return () => {
      for (const controller of all.values()) controller.abort()
    }
  }, [])
  const change = (model: string, to: (was: Answer) => Answer): void =>
    setAnswers((was) => ({ ...was, [model]: to(was[model] ?? fresh) }))
  const askOne = async (request: Chat): Promise<void> => {
    const { model } = request
    const controller = new AbortController()
    running.current.set(model, controller)
    try {
      for await (const event of stream('chat', { body: request, signal: controller.signal })) {
        if (event.event === 'text') {
          const { text, tokens } = event.data
          change(model, (was) => ({ ...was, state: 'streaming', pieces: [...was.pieces, { text, tokens }] }))
        } else if (event.event === 'tool-call') {
          const call = event.data
          change(model, (was) => ({ ...was, calls: [...was.calls, call] }))
        } else if (event.event === 'finish') {
          const finish = event.data
          change(model, (was) => ({ ...was, state: 'finished', finish }))
        }
      }
    } catch (error) {
      change(model, (was) =>
        controller.signal.aborted
          ? { ...was, state: 'stopped' }
          : { ...was, state: 'failed', error: toApiError(error) },
      )
    } finally {
      if (running.current.get(model) === controller) running.current.delete(model)
    }
  }
  return {
    answers,
    isAsking: Object.values(answers).some(({ state }) => state === 'waiting' || state === 'streaming'),
    ask: (requests) => {
      setAnswers(Object.fromEntries(requests.map(({ model }) => [model, fresh])))
      for (const request of requests) void askOne(request)
    },
    stop: (model) => {
      for (const [name, controller] of running.current) {
        if (model === undefined || model === name) controller.abort()
      }
    },
    clear: () => setAnswers({}),
  }
}
