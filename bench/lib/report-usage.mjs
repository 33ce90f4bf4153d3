// Loaded before a measured program: at its end it writes its peak memory and processor time to the file that HONE_BENCH_USAGE names.
import { writeFileSync } from 'node:fs'

process.on('exit', () => {
  const file = process.env.HONE_BENCH_USAGE
  if (file === undefined) return
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  writeFileSync(file, JSON.stringify({ kilobytes: maxRSS, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }))
})
