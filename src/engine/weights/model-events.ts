/** What pulling and importing a model reports. Sizes in bytes. */
export type ModelEvent =
  /** Another process works on the same model; this one waits for it. */
  | { readonly type: 'lock-waited'; readonly id: string }
  | { readonly type: 'source-tried'; readonly source: string }
  | { readonly type: 'source-failed'; readonly source: string; readonly reason: string }
  | { readonly type: 'source-chosen'; readonly source: string; readonly bytes: number | undefined }
  /** `total` and `done` are undefined where a tool that does the work does not tell. */
  | {
      readonly type: 'progressed'
      readonly phase: 'download' | 'copy' | 'write' | 'measure'
      readonly file: string
      readonly done: number | undefined
      readonly total: number | undefined
    }
  /** A download was cut and goes on from `done`. */
  | {
      readonly type: 'download-retried'
      readonly file: string
      readonly done: number
      readonly reason: string
    }
  | { readonly type: 'verify-started'; readonly file: string; readonly bytes: number }
  | {
      readonly type: 'model-ready'
      readonly id: string
      readonly folder: string
      /** Of the folder's weights. */
      readonly bytes: number
      readonly licence: string | null
      /** Where it came from: `owner/name@revision`, `package==version`, or a path. */
      readonly from: string
      /** True when the model was there before. */
      readonly reused: boolean
    }

export type OnModelEvent = (event: ModelEvent) => void
