// What any reader in JavaScript needs at least: the lines of a file, each through JSON.parse, and nothing kept.
//   node bench/peers/json-parse.mjs FILE
import { closeSync, openSync, readSync } from 'node:fs'

const chunk = Buffer.allocUnsafe(1 << 20)
const file = openSync(process.argv[2] ?? '', 'r')
let carried = Buffer.alloc(0)
let rows = 0
for (;;) {
  const count = readSync(file, chunk, 0, chunk.length, null)
  if (count === 0) break
  const bytes =
    carried.length === 0 ? chunk.subarray(0, count) : Buffer.concat([carried, chunk.subarray(0, count)])
  let start = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    JSON.parse(bytes.toString('utf8', start, end))
    rows += 1
    start = end + 1
  }
  carried = Buffer.from(bytes.subarray(start))
}
closeSync(file)
console.log(JSON.stringify({ rows }))
