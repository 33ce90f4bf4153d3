import { Option, type Command } from 'commander'
import type { ServerLogEntry } from '../../service/serving/running-server.ts'
import type { CommandContext } from '../command-context.ts'
import { addEngineOptions, type EngineFlags } from '../options/engine-options.ts'
import { wholeNumber } from '../options/number-option.ts'
import { serverLines } from '../output/server-lines.ts'

interface ServeFlags extends EngineFlags {
  readonly host?: string
  readonly port?: number
  readonly config?: string
  readonly public?: boolean
  readonly lifecycle?: 'as-of-2025' | 'today'
  readonly log?: 'none' | 'text' | 'json'
}

export function defineServe(command: Command, context: CommandContext): void {
  command
    .description('Serve the APIs of Amazon Bedrock and S3 over models that are trained here.')
    .option('--host <address>', 'address to listen at (default: 127.0.0.1)')
    .option('--port <number>', 'port to listen at (default: 4290)', wholeNumber({ min: 0, max: 65_535 }))
    .option('--config <file>', 'settings (default: hone.server.yaml in the home)')
    .option('--public', 'allow an address that other machines reach')
    .addOption(
      new Option(
        '--lifecycle <date>',
        'whether bases that their service retired can be tuned (default: as-of-2025)',
      ).choices(['as-of-2025', 'today']),
    )
    .addOption(
      new Option(
        '--log <form>',
        'requests on standard error (default: text in a terminal, else json)',
      ).choices(['none', 'text', 'json']),
    )
  addEngineOptions(command)
  command
    .addHelpText('after', '\nExample:\n  hone serve --port 4290')
    .action((flags: ServeFlags) => serve(context, flags))
}

async function serve(context: CommandContext, flags: ServeFlags): Promise<void> {
  const { threads, device, log, ...asked } = flags
  const services = await context.services({ threads, device })
  const form = log ?? (context.err.isTerminal ? 'text' : 'json')
  const server = await services.serve({
    ...asked,
    onLog: (entry) => {
      if (form !== 'none' && !context.quiet)
        context.err.lines([form === 'json' ? jsonLine(entry) : textLine(entry)])
    },
  })
  context.interruptNotice = 'finishing requests, giving jobs back …'
  context.result(server, serverLines(server, context.paint))
  await new Promise<void>((resolve) => {
    context.signal.addEventListener('abort', () => resolve(), { once: true })
    if (context.signal.aborted) resolve()
  })
  await server.close()
}

const jsonLine = (entry: ServerLogEntry): string =>
  JSON.stringify({ time: new Date().toISOString(), ...entry })

function textLine({ level, message, ...members }: ServerLogEntry): string {
  const rest = Object.entries(members).map(([name, value]) => `${name}=${String(value)}`)
  return [new Date().toISOString().slice(11, 19), level.padEnd(5), message, ...rest].join('  ')
}
