import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, totalmem } from 'node:os'

export interface Machine {
  readonly date: string
  readonly cpu: string
  readonly cores: number
  /** Vector extensions that decide how fast a matrix product can be. */
  readonly vector: readonly string[]
  readonly memoryGigabytes: number
  readonly platform: string
  readonly node: string
  /** Of the last minute, when the measurement began: above the number of cores, figures are of a busy machine. */
  readonly load: number
  readonly commit: string
}

/** What a figure was measured on. */
export function describeMachine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    vector: vectorExtensions(),
    memoryGigabytes: Math.round(totalmem() / 1e9),
    platform: `${platform()}-${arch()}`,
    node: process.version,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    commit: commitOf(),
  }
}

function vectorExtensions(): string[] {
  try {
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ') ?? []
    return ['avx2', 'avx512f', 'avx512_bf16', 'amx_bf16'].filter((flag) => flags.includes(flag))
  } catch {
    return []
  }
}

function commitOf(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
