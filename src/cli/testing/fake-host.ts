import { EventEmitter } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import type { ChatModel, ChatPart, ChatRequest } from '../../core/chat-model.ts'
import type { Services } from '../../service/services.ts'
import type { CliHost } from '../host.ts'
import { runCli } from '../run-cli.ts'

export interface FakeHost extends CliHost {
  readonly signals: EventEmitter
  /** Statuses with which the process would have ended at once. */
  readonly ended: number[]
  text(): { readonly stdout: string; readonly stderr: string }
}

export interface FakeHostOptions {
  readonly services?: DeepPartial<Services>
  readonly stdin?: string | Uint8Array
  readonly terminal?: boolean
  readonly env?: NodeJS.ProcessEnv
}

type DeepPartial<T> = { readonly [Key in keyof T]?: Partial<T[Key]> }

/** A process with streams in memory, and services of which only the named parts work. */
export function fakeHost(argv: readonly string[], options: FakeHostOptions = {}): FakeHost {
  const terminal = options.terminal ?? false
  const stdout = capture(terminal)
  const stderr = capture(terminal)
  const ended: number[] = []
  const content = options.stdin ?? ''
  return {
    argv,
    env: options.env ?? {},
    stdin: Readable.from(content.length === 0 ? [] : [Buffer.from(content)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    signals: new EventEmitter(),
    exitNow: (status) => ended.push(status),
    now: () => 0,
    openServices: () => Promise.resolve((options.services ?? {}) as Services),
    ended,
    text: () => ({ stdout: stdout.text(), stderr: stderr.text() }),
  }
}

export interface CliResult {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export async function runFake(argv: readonly string[], options: FakeHostOptions = {}): Promise<CliResult> {
  const host = fakeHost(argv, options)
  const status = await runCli(host)
  return { status, ...host.text() }
}

/** A model that says the parts one after another. */
export function fakeModel(parts: readonly ChatPart[], requests: ChatRequest[] = []): ChatModel {
  return {
    id: 'fake',
    concurrency: 1,
    async *chat(request, { signal } = {}) {
      requests.push(request)
      for (const part of parts) {
        await Promise.resolve()
        signal?.throwIfAborted()
        yield part
      }
    },
    scoreLabels: () => Promise.reject(new Error('not asked for')),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

function capture(isTTY: boolean): { stream: PassThrough & { isTTY: boolean }; text: () => string } {
  let text = ''
  const stream = Object.assign(new PassThrough(), { isTTY })
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return { stream, text: () => text }
}
