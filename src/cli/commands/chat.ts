import type { Command } from 'commander'
import type { ChatRequest } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { OpenedChat } from '../../service/chat/chat-service.ts'
import { answer } from '../chat/answer.ts'
import { converse } from '../chat/converse.ts'
import { readPrompt } from '../chat/read-prompt.ts'
import type { CommandContext } from '../command-context.ts'
import { addArithmeticOption, type ArithmeticFlags } from '../options/arithmetic-option.ts'
import { addConstraintOptions, constraintOf, type ConstraintFlags } from '../options/constraint-option.ts'
import { addEngineOptions, type EngineFlags } from '../options/engine-options.ts'
import { decimalNumber, wholeNumber } from '../options/number-option.ts'
import { labelLines, openedLines, roundingLines } from '../output/chat-lines.ts'

interface ChatFlags extends EngineFlags, ArithmeticFlags, ConstraintFlags {
  readonly system?: string
  readonly temperature?: number
  readonly topK?: number
  readonly topP?: number
  readonly maxTokens?: number
  readonly seed?: number
  readonly stop?: readonly string[]
  readonly logprobs?: boolean
  readonly asWritten?: boolean
}

export function defineChat(command: Command, context: CommandContext): void {
  command
    .description(
      'Talk to a base or tuned model. With a prompt, or one on standard input, it answers once; else it converses.',
    )
    .argument('<model>', 'an id, or the folder of a model')
    .argument('[prompt]', 'what to say (default: standard input, or a conversation on a terminal)')
    .option(
      '--system <text>',
      "system prompt (default: that of the model's training, else what its chat template adds; which one is said)",
    )
    .option(
      '--temperature <number>',
      'spread of the answer, 0 takes the likeliest token (default: 0)',
      decimalNumber({ min: 0, max: 100 }),
    )
    .option(
      '--top-k <number>',
      'keep the likeliest tokens, 0 keeps all (default: 0)',
      wholeNumber({ min: 0 }),
    )
    .option(
      '--top-p <number>',
      'keep tokens up to this probability (default: 1)',
      decimalNumber({ min: 0, max: 1 }),
    )
    .option('--max-tokens <number>', 'longest answer (default: 256)', wholeNumber({ min: 1 }))
    .option('--seed <number>', 'seed of the draw (default: 0)', wholeNumber({ min: 0 }))
    .option(
      '--stop <text>',
      'text at which the answer ends; may be given again (default: none)',
      (text: string, before: readonly string[] | undefined) => [...(before ?? []), text],
    )
    .option('--logprobs', 'with --json: the log-probability of each token')
    .option(
      '--as-written',
      'the answer as the model writes it, also where the probabilities of labels decide',
    )
  addConstraintOptions(command)
  addEngineOptions(command)
  addArithmeticOption(command)
  command
    .addHelpText(
      'after',
      '\nExamples:\n  hone chat claims-router-1 "My car was hit while parked."\n  hone chat claims-router-1 --json < message.txt',
    )
    .action((model: string, prompt: string | undefined, flags: ChatFlags) =>
      chat(context, model, prompt, flags),
    )
}

async function chat(
  context: CommandContext,
  reference: string,
  given: string | undefined,
  flags: ChatFlags,
): Promise<void> {
  const { stdin } = context.host
  const converses = given === undefined && stdin.isTTY === true
  if (converses && context.json) {
    throw new HoneError('E_USAGE', 'there is no prompt', {
      hint: '--json answers once: hone chat MODEL "prompt" --json',
    })
  }
  if (flags.logprobs === true && !context.json) {
    throw new HoneError('E_USAGE', '--logprobs has no place in a text', { hint: 'add --json' })
  }
  // Before the model is opened: what cannot be read should not take its time.
  const prompt = converses ? '' : await readPrompt(given, stdin, context.signal)
  const constraint = await constraintOf(flags)
  const services = await context.services(flags)
  context.note([`opening ${reference} …`])
  await using opened = await services.chat.open(reference, {
    signal: context.signal,
    longLived: converses,
    arithmetic: flags.arithmetic,
  })
  context.note([...openedLines(opened, flags.system), ...roundingLines(opened.model.rounding)])
  const settings = { ...settingsOf(flags), ...(constraint === undefined ? {} : { constraint }) }
  const system = flags.system ?? opened.systemPrompt ?? undefined
  if (converses) await converse(context, opened, settings, system)
  else await answerOnce(context, opened, settings, system, prompt)
}

async function answerOnce(
  context: CommandContext,
  { id, model }: OpenedChat,
  settings: Omit<ChatRequest, 'messages'>,
  system: string | undefined,
  prompt: string,
): Promise<void> {
  const messages = [
    ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
    { role: 'user' as const, content: prompt },
  ]
  const onText = context.json ? (): void => undefined : (text: string): void => context.out.write(text)
  const signal = AbortSignal.any([context.signal, context.out.closed])
  const { text, ...rest } = await answer(
    model,
    { ...settings, messages },
    { signal, onText, visible: context.out.isTerminal },
  )
  if (context.json) {
    context.result({ schema: 1, model: id, answer: text, ...rest }, [])
  } else if (!text.endsWith('\n')) context.out.write('\n')
  if (!context.json && rest.label !== undefined) context.note(labelLines(rest.label))
  if (!context.json && rest.finishReason === 'length') {
    context.note([`cut at ${rest.usage.completionTokens} tokens; --max-tokens allows more`])
  }
}

function settingsOf(flags: ChatFlags): Omit<ChatRequest, 'messages'> {
  const { temperature, topK, topP, maxTokens, seed, stop, logprobs, asWritten } = flags
  const given = { temperature, topK, topP, maxTokens, seed, stop, logProbabilities: logprobs, asWritten }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
