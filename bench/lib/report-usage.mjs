// Loaded before a measured program: at its end it writes its peak memory to the file that HONE_BENCH_USAGE names.
import { writeFileSync } from 'node:fs'

process.on('exit', () => {
  const file = process.env.HONE_BENCH_USAGE
  if (file !== undefined) writeFileSync(file, JSON.stringify({ kilobytes: process.resourceUsage().maxRSS }))
})
