import { stat } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { packageFile } from '../../lib/package-file.ts'
import { askParquetThread } from './ask-parquet-thread.ts'
import type { ParquetThreadData } from './parquet-thread.ts'
import type { SourceKind } from './source-kind.ts'

/** Threads are started from the build, wherever this file is run from. */
const entry = packageFile('dist/data/sources/parquet-thread.js')

/** A damaged file can make the reader loop or fill the memory: it is then given up. */
const patience = { least: 60_000, millisecondsPerMegabyte: 200 }
const resourceLimits = { maxOldGenerationSizeMb: 4096 }

/** Apache Parquet, read in a thread of its own, which can be ended from outside. */
export const parquet: SourceKind = {
  id: 'parquet',
  name: 'Apache Parquet, with nested lists and structs',
  endings: ['parquet'],
  isText: false,
  isTable: true,
  fits: (head) => head.subarray(0, 4).toString('latin1') === 'PAR1',
  async *rows({ file, location, signal, note }) {
    const path = await file()
    const { size } = await stat(path)
    const wait = patience.least + (size / 2 ** 20) * patience.millisecondsPerMegabyte
    const workerData: ParquetThreadData = { path, location }
    const thread = new Worker(entry, { workerData, execArgv: [], resourceLimits })
    try {
      for (;;) {
        const message = await askParquetThread(thread, { location, wait, signal })
        if (message.type === 'rows') yield message.rows
        else {
          const { columns } = message
          if (columns.length > 0) {
            note(`columns ${columns.slice(0, 12).join(', ')}; numbers of lines are those of rows`)
          }
          return
        }
      }
    } finally {
      await thread.terminate()
    }
  },
}
