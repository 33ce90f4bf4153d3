import { createHash } from 'node:crypto'
import { Environment, Interpreter, parse as parseTemplate, tokenize } from '@huggingface/jinja'
import { HoneError } from '../core/errors.ts'
import type { Message, Tool } from '../core/example.ts'
import { strftime } from './strftime.ts'
import { stripFunctions, usePythonStrip } from './template-strip.ts'
import type { NamedTokens } from './tokenizer-json.ts'

export interface RenderOptions {
  /** End with the start of an assistant turn, for the model to go on. */
  readonly addGenerationPrompt: boolean
  /** For the template's own section about tools, if it has one. */
  readonly tools?: readonly Tool[] | undefined
}

/** How a model writes a conversation. Renders as `apply_chat_template` of transformers does, to the byte. */
export interface ChatTemplate {
  readonly source: string
  /** SHA-256 of the source, hexadecimal. */
  readonly hash: string
  /** The system prompt that the template writes where a conversation has none. */
  readonly defaultSystemPrompt: string | undefined
  /** @throws HoneError `E_TEMPLATE` with the template's own words where it refuses the messages or fails. */
  render(messages: readonly Message[], options: RenderOptions): string
}

export interface ChatTemplateOptions {
  /** What `strftime_now` in a template reads. Default: the machine's clock. */
  readonly now?: () => Date
}

/**
 * @param source a Jinja template as in `tokenizer_config.json` or `chat_template.jinja`
 * @param names tokens that a template may write, such as `bos_token`
 * @throws HoneError `E_TEMPLATE` where the source is not a template
 */
export function createChatTemplate(
  source: string,
  names: Partial<NamedTokens>,
  options: ChatTemplateOptions = {},
): ChatTemplate {
  const now = options.now ?? ((): Date => new Date())
  const template = parse(source)
  const variables = {
    ...constants,
    ...stripFunctions,
    ...namedVariables(names),
    range,
    tools: null,
    documents: null,
    raise_exception: refuse,
    strftime_now: (format: string) => strftime(now(), format),
  }
  // A template sets variables in the scope that it runs in, so what never changes is made once.
  const unchanging = new Environment()
  for (const [name, value] of Object.entries(variables)) unchanging.set(name, value)
  const render = (messages: readonly Message[], { addGenerationPrompt, tools }: RenderOptions): string => {
    try {
      const environment = new Environment(unchanging)
      environment.set('messages', messages.map(templateMessage))
      if (tools !== undefined) environment.set('tools', tools.map(templateTool))
      environment.set('add_generation_prompt', addGenerationPrompt)
      return String(new Interpreter(environment).run(template).value)
    } catch (cause) {
      throw renderError(cause)
    }
  }
  return {
    source,
    hash: createHash('sha256').update(source).digest('hex'),
    defaultSystemPrompt: findDefaultSystemPrompt(render),
    render,
  }
}

/** A message as transformers gives it to a template: what is absent has no key, for templates that ask whether it is there. */
const templateMessage = ({
  role,
  content,
  toolCalls,
  toolCallId,
  name,
}: Message): Record<string, unknown> => ({
  role,
  content,
  ...(toolCalls === undefined || toolCalls.length === 0
    ? {}
    : {
        tool_calls: toolCalls.map((call) => ({
          id: call.id,
          type: 'function',
          function: { name: call.name, arguments: call.arguments },
        })),
      }),
  ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId, ...(name === undefined ? {} : { name }) }),
})

const templateTool = ({ name, description, parameters }: Tool): Record<string, unknown> => ({
  type: 'function',
  function: {
    name,
    // Templates write both without asking whether they are there.
    description: description ?? '',
    parameters: parameters ?? { type: 'object', properties: {} },
  },
})

/** What a template itself threw with `raise_exception`. */
class Refusal extends Error {}

function refuse(words: unknown): never {
  throw new Refusal(String(words))
}

const constants = { true: true, false: false, none: null, True: true, False: false, None: null }

/** Python's `range` as a list. A template that counts further than any conversation is broken, or means harm. */
function range(...args: readonly number[]): number[] {
  const [start = 0, stop = 0, step = 1] = args.length === 1 ? [0, ...args] : args
  const length = Math.max(0, Math.ceil((stop - start) / step))
  if (!(length <= 1_000_000)) throw new Error(`range(${args.join(', ')}) is too long`)
  return Array.from({ length }, (_, index) => start + index * step)
}

function parse(source: string): ReturnType<typeof parseTemplate> {
  try {
    const template = parseTemplate(tokenize(source, { lstrip_blocks: true, trim_blocks: true }))
    usePythonStrip(template)
    return template
  } catch (cause) {
    throw new HoneError('E_TEMPLATE', `the chat template cannot be read: ${wordsOf(cause)}`, {
      hint: 'mend chat_template in tokenizer_config.json (or chat_template.jinja)',
      cause,
    })
  }
}

function renderError(cause: unknown): HoneError {
  return cause instanceof Refusal
    ? new HoneError('E_TEMPLATE', `the model's chat template refuses these messages: ${cause.message}`, {
        hint: 'change the roles and their order to what the template accepts, or choose another base model',
        cause,
      })
    : new HoneError('E_TEMPLATE', `the chat template failed: ${wordsOf(cause)}`, {
        hint: 'mend chat_template in tokenizer_config.json (or chat_template.jinja)',
        cause,
      })
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function namedVariables(names: Partial<NamedTokens>): Record<string, string> {
  const entries = [
    ['bos_token', names.bos],
    ['eos_token', names.eos],
    ['pad_token', names.pad],
    ['unk_token', names.unknown],
  ] as const
  return Object.fromEntries(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
}

/**
 * A template with a default writes, without a system message, what it writes with one, but with its own words in the
 * place of the message. One that only frames a given message, refuses it or folds it into the user's turn has none.
 */
function findDefaultSystemPrompt(render: ChatTemplate['render']): string | undefined {
  const [system, user] = ['Hsystemprobe', 'Huserprobe']
  const question: Message = { role: 'user', content: user }
  let without: string
  let given: string
  try {
    without = render([question], { addGenerationPrompt: true })
    given = render([{ role: 'system', content: system }, question], { addGenerationPrompt: true })
  } catch {
    return undefined
  }
  const at = given.indexOf(system)
  const end = without.indexOf(user)
  if (at < 0 || end < 0 || !without.startsWith(given.slice(0, at))) return undefined
  const after = given.slice(at + system.length)
  if (!after.includes(user) || !without.endsWith(after)) return undefined
  const prompt = without.slice(at, without.length - after.length)
  return prompt === '' ? undefined : prompt
}
