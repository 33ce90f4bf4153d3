import { useEffect, useRef, useState } from 'react'
import { ApiError, toApiError } from '../../api/api-error.ts'
import type { Chat, ChatFinish } from '../../api/client.ts'
import { stream } from '../../api/events.ts'
import { grown, type AnswerPiece, type Said } from './answer.ts'
import { FrameBatch } from './frame-batch.ts'

/** What a model has answered so far. */
export interface Answer extends Said {
  readonly state: 'waiting' | 'streaming' | 'finished' | 'stopped' | 'failed'
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[]
  readonly finish?: ChatFinish | undefined
  readonly error?: ApiError | undefined
}

const fresh: Answer = { state: 'waiting', text: '', shown: [], calls: [] }

export type Answers = Readonly<Record<string, Answer>>

/** Asks several models at once; each answer comes as it is generated. Leaving the view ends them. */
export function useAnswers(kept: Answers): {
  readonly answers: Answers
  readonly isAsking: boolean
  readonly ask: (requests: readonly Chat[]) => void
  readonly stop: (model?: string) => void
  readonly clear: () => void
} {
  const [answers, setAnswers] = useState(kept)
  const running = useRef(new Map<string, AbortController>())
  useEffect(() => {
    const all = running.current
    return () => {
      for (const controller of all.values()) controller.abort()
    }
  }, [])
  const askOne = async (request: Chat): Promise<void> => {
    const { model } = request
    const controller = new AbortController()
    running.current.set(model, controller)
    const change = (to: (was: Answer) => Answer): void =>
      setAnswers((was) => ({ ...was, [model]: to(was[model] ?? fresh) }))
    let isEnded = false
    const pieces = new FrameBatch<AnswerPiece>((arrived) =>
      change((was) => ({ ...was, ...grown(was, arrived), state: 'streaming' })),
    )
    try {
      for await (const event of stream('chat', { body: request, signal: controller.signal })) {
        if (event.event === 'text') {
          pieces.add(event.data)
          continue
        }
        pieces.flush()
        if (event.event === 'tool-call') {
          const call = event.data
          change((was) => ({ ...was, calls: [...was.calls, call] }))
        } else if (event.event === 'finish') {
          const finish = event.data
          change((was) => ({ ...was, state: 'finished', finish }))
          isEnded = true
        }
      }
      if (!isEnded) throw cutShort()
    } catch (error) {
      pieces.flush()
      change((was) =>
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
    isAsking: Object.values(answers).some(isUnderWay),
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

export const isUnderWay = ({ state }: Answer): boolean => state === 'waiting' || state === 'streaming'

const cutShort = (): ApiError =>
  new ApiError(0, {
    code: 'E_UNREACHABLE',
    message: 'the answer was cut: nothing more came of it',
    hint: 'ask again; where it is cut again, see whether hone serve still runs',
  })
