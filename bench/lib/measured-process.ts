import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface MeasuredProcess {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  /** Wall time of the whole process, its start included. */
  readonly seconds: number
  /** Peak resident memory; `undefined` where it was not to be had. */
  readonly peakMegabytes: number | undefined
  /** Processor time of all its threads: what is left of a measurement on a busy machine. */
  readonly cpuSeconds: number | undefined
}

const reporter = pathToFileURL(join(import.meta.dirname, 'report-usage.mjs')).href

/** Runs a program of Node to its end and measures it. */
export function measureNode(args: readonly string[], env: NodeJS.ProcessEnv = {}): MeasuredProcess {
  const folder = mkdtempSync(join(tmpdir(), 'hone-usage-'))
  const usage = join(folder, 'usage.json')
  try {
    const started = performance.now()
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', reporter, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, ...env, HONE_BENCH_USAGE: usage },
    })
    const seconds = (performance.now() - started) / 1000
    return { status, stdout, stderr, seconds, ...usageOf(usage) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function usageOf(file: string): Pick<MeasuredProcess, 'peakMegabytes' | 'cpuSeconds'> {
  try {
    const { kilobytes, cpuSeconds } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly kilobytes: number
      readonly cpuSeconds: number
    }
    return { peakMegabytes: kilobytes / 1000, cpuSeconds }
  } catch {
    return { peakMegabytes: undefined, cpuSeconds: undefined }
  }
}
