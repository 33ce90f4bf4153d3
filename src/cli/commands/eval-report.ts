import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { HoneError } from '../../core/errors.ts'
import type { CommandContext } from '../command-context.ts'
import { addEvaluationOptions, type EvaluationFlags } from '../options/evaluation-options.ts'
import { plural } from '../output/number-text.ts'
import { readTaskConfig } from '../read-task-config.ts'

interface EvalReportFlags extends EvaluationFlags {
  readonly out?: string
  readonly open?: boolean
}

/** `hone eval report`. */
export function defineEvalReport(evaluation: Command, context: CommandContext): void {
  const command = evaluation
    .command('report')
    .description('Write the report of what was measured: one HTML file, or JSON, CSV or Markdown.')
  addEvaluationOptions(command)
    .option(
      '--out <file>',
      'where it goes, as .html, .json, .csv or .md (default: report.html in the folder of results)',
    )
    .option('--open', 'show it in the browser')
    .addHelpText('after', '\nExample:\n  hone eval report examples/claims-router --out report.html --open')
    .action(async (path: string, flags: EvalReportFlags) => {
      const { output, split } = flags
      const config = await readTaskConfig(path, { output }, context.signal)
      const services = await context.services()
      const out = flags.out === undefined ? undefined : resolve(flags.out)
      const written = await services.evaluation.report({ config, split, out })
      if (flags.open === true) await openInBrowser(written.reportFile, context.host.env)
      context.result(written, [
        `report    ${plural(written.candidates.length, 'candidate')} on ${plural(written.rows, 'row')} of the ${written.split} split`,
        `kept in   ${written.reportFile}`,
      ])
    })
}

/** The program of `BROWSER`, else what the system opens files with. */
async function openInBrowser(file: string, env: NodeJS.ProcessEnv): Promise<void> {
  const own = env['BROWSER']
  const [program, ...args] =
    own !== undefined && own !== ''
      ? [own]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler']
        : [process.platform === 'darwin' ? 'open' : 'xdg-open']
  const child = spawn(program, [...args, file], { detached: true, stdio: 'ignore' })
  try {
    await once(child, 'spawn')
    child.unref()
  } catch (cause) {
    throw new HoneError('E_USAGE', `the report is written, but no browser could be started: ${program}`, {
      at: { file },
      hint: 'open the file yourself, or name a browser in the variable BROWSER',
      cause,
    })
  }
}
