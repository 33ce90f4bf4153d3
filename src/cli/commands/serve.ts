import { resolve as resolvePath } from 'node:path'
import { Option, type Command } from 'commander'
import { HoneError } from '../../core/errors.ts'
import type { CommandContext } from '../command-context.ts'
import { addArithmeticOption, type ArithmeticFlags } from '../options/arithmetic-option.ts'
import { addEngineOptions, type EngineFlags } from '../options/engine-options.ts'
import { wholeNumber } from '../options/number-option.ts'
import type { LogForm, LogLevel } from '../output/server-log.ts'
import { serverLines } from '../output/server-lines.ts'

interface ServeFlags extends EngineFlags, ArithmeticFlags {
  readonly host?: string
  readonly port?: number
  readonly config?: string
  readonly public?: boolean
  readonly ignoreGate?: boolean
  readonly lifecycle?: 'as-of-2025' | 'today'
  readonly log?: LogForm
  readonly logLevel?: LogLevel
  readonly tlsCertificate?: string
  readonly tlsKey?: string
}

export function defineServe(command: Command, context: CommandContext): void {
  command
    .description(
      'Serve the APIs of Amazon Bedrock, S3, OpenAI and Anthropic over models that are trained here.',
    )
    .option('--host <address>', 'address to listen at (default: 127.0.0.1)')
    .option('--port <number>', 'port to listen at (default: 4290)', wholeNumber({ min: 0, max: 65_535 }))
    .option('--config <file>', 'settings (default: hone.server.yaml in the home)')
    .option('--tls-certificate <file>', 'speak TLS with this certificate, PEM (default: none, clear text)')
    .option('--tls-key <file>', 'its private key, PEM (default: none)')
    .option('--public', 'allow an address that other machines reach without TLS')
    .option('--ignore-gate', 'deploy models that hone gate did not promote (default: refuse them)')
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
    .addOption(
      new Option('--log-level <level>', 'the least that is logged (default: info)').choices([
        'debug',
        'info',
        'warn',
        'error',
      ]),
    )
  addEngineOptions(command)
  addArithmeticOption(command)
  command
    .addHelpText('after', '\nExample:\n  hone serve --port 4290')
    .action((flags: ServeFlags) => serve(context, flags))
}

async function serve(context: CommandContext, flags: ServeFlags): Promise<void> {
  const { threads, device, log, logLevel = 'info', tlsCertificate, tlsKey, ...asked } = flags
  const tls = tlsFiles(tlsCertificate, tlsKey)
  const services = await context.services({ threads, device })
  const usual = context.err.isTerminal ? 'text' : 'json'
  // Loaded by the one command that keeps a log.
  const { createServerLog } = await import('../output/server-log.ts')
  const onLog = createServerLog({
    form: context.quiet ? 'none' : (log ?? usual),
    level: logLevel,
    write: (line) => context.err.write(line),
    now: () => new Date(),
  })
  const server = await services.serve({ ...asked, tls, onLog })
  const reload = (): void => {
    server.reloadTls?.().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      onLog({ level: 'error', message: 'the certificate was not read again', error: reason })
    })
  }
  if (server.reloadTls !== undefined) context.host.signals.on('SIGHUP', reload)
  context.interruptNotice = 'finishing requests, giving jobs back …'
  context.result(server, serverLines(server, context.paint))
  await new Promise<void>((resolve) => {
    context.signal.addEventListener('abort', () => resolve(), { once: true })
    if (context.signal.aborted) resolve()
  })
  context.host.signals.off('SIGHUP', reload)
  await server.close()
}

function tlsFiles(
  certificate: string | undefined,
  key: string | undefined,
): { readonly certificate: string; readonly key: string } | undefined {
  if (certificate === undefined && key === undefined) return undefined
  if (certificate !== undefined && key !== undefined)
    return { certificate: resolvePath(certificate), key: resolvePath(key) }
  throw new HoneError('E_USAGE', 'a certificate and its key go together', {
    hint: 'name both: --tls-certificate FILE --tls-key FILE',
  })
}
