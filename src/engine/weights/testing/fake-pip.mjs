// Stands in for `python -m pip download …`: copies the wheel that FAKE_WHEEL names to --dest.
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const args = process.argv.slice(2)
const folder = args[args.indexOf('--dest') + 1]
if (process.env.FAKE_PIP_ARGS) writeFileSync(process.env.FAKE_PIP_ARGS, JSON.stringify(args))
if (process.env.FAKE_PIP_HANGS) await new Promise((resolve) => setTimeout(resolve, 600_000))
if (process.env.FAKE_WHEEL) {
  copyFileSync(process.env.FAKE_WHEEL, join(folder, 'tiny-1.0-py3-none-any.whl'))
} else {
  process.stderr.write('WARNING: retrying\nERROR: no index at https://user:secret@index.example/simple\n')
  process.exitCode = 1
}
