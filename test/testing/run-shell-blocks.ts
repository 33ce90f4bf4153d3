import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { markdownBlocks } from './markdown-blocks.ts'

interface ShellRun {
  readonly out: string
  readonly errors: string
  readonly status: unknown
}

/** The blocks of commands of a document. */
export const shellBlocksOf = (document: string): string[] =>
  markdownBlocks(readFileSync(document, 'utf8'))
    .filter(({ language }) => language === 'sh')
    .map(({ lines }) => lines.join('\n'))

/** Runs blocks as one script until a command fails: what one sets is there in the next, as for a reader. */
export async function runShellBlocks(
  blocks: readonly string[],
  options: { readonly folder: string; readonly env: Readonly<Record<string, string>> },
): Promise<ShellRun> {
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', blocks.join('\n')], {
    cwd: options.folder,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, errors, status] = await Promise.all([
    text(shell.stdout),
    text(shell.stderr),
    new Promise((resolve) => shell.on('close', resolve)),
  ])
  return { out, errors, status }
}
