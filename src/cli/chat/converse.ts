import { createInterface } from 'node:readline'
import type { ChatRequest } from '../../core/chat-model.ts'
import type { Message } from '../../core/example.ts'
import { HoneError } from '../../core/errors.ts'
import type { CommandContext } from '../command-context.ts'
import type { OpenedChat } from '../../service/chat/chat-service.ts'
import { labelLines } from '../output/chat-lines.ts'
import { answer } from './answer.ts'
import { TypedLines } from './typed-lines.ts'
import { onAbort } from '../../lib/on-abort.ts'

const prompt = '> '

/**
 * A conversation on a terminal, until its end (Ctrl-D or /exit). Ctrl-C stops an answer, and at the prompt the
 * conversation. Questions are asked on standard error, answers go to standard output.
 */
export async function converse(
  context: CommandContext,
  opened: Pick<OpenedChat, 'model'>,
  settings: Omit<ChatRequest, 'messages'>,
  system: string | undefined,
): Promise<void> {
  const start: readonly Message[] = system === undefined ? [] : [{ role: 'system', content: system }]
  let messages = start
  const { host, signal } = context
  context.err.lines(['/new forgets the conversation, /exit or Ctrl-D ends it, Ctrl-C stops an answer', ''])
  const lines = createInterface({ input: host.stdin, output: host.stderr, terminal: true, prompt })
  const typed = new TypedLines(lines)
  let current: AbortController | undefined
  // The terminal is in raw mode, so that Ctrl-C comes here and not as a signal.
  lines.on('SIGINT', () => {
    if (current === undefined) lines.close()
    else current.abort(new HoneError('E_INTERRUPTED', 'the answer was stopped'))
  })
  const ignore = onAbort(signal, () => lines.close())
  try {
    for (;;) {
      const line = await typed.next()
      signal.throwIfAborted()
      if (line === undefined || line.trim() === '/exit') return
      if (line.trim() === '/new') {
        messages = start
        context.err.lines(['a new conversation'])
      } else if (line.trim() !== '') {
        current = new AbortController()
        messages = await turn(
          context,
          opened,
          settings,
          [...messages, { role: 'user', content: line }],
          current.signal,
        )
        current = undefined
      }
    }
  } finally {
    ignore()
    lines.close()
  }
}

/** Answers the last message; returns the conversation, without that message when the answer was stopped or failed. */
async function turn(
  context: CommandContext,
  { model }: Pick<OpenedChat, 'model'>,
  settings: Omit<ChatRequest, 'messages'>,
  messages: readonly Message[],
  stopped: AbortSignal,
): Promise<readonly Message[]> {
  const signal = AbortSignal.any([context.signal, context.out.closed, stopped])
  const onText = (text: string): void => context.out.write(text)
  try {
    const said = await answer(
      model,
      { ...settings, messages },
      { signal, onText, visible: context.out.isTerminal },
    )
    context.out.write('\n')
    if (said.label !== undefined) context.err.lines(labelLines(said.label))
    if (said.finishReason === 'length') context.err.lines([`cut at ${said.usage.completionTokens} tokens`])
    return [...messages, { role: 'assistant', content: said.text }]
  } catch (error) {
    if (!stopped.aborted || error !== stopped.reason) throw error
    context.out.write('\n')
    context.err.lines(['stopped; the last message is forgotten'])
    return messages.slice(0, -1)
  }
}
