import { useState } from 'react'
import type { ModelDetails } from '../../api/client.ts'
import { useDownload } from '../../api/download.ts'
import { useApi } from '../../api/query.ts'
import { Button } from '../../kit/button.tsx'
import { Select } from '../../kit/fields.tsx'
import { formatBytes } from '../../kit/format.ts'
import { Section } from '../../kit/page.tsx'
import { Table } from '../../kit/table.tsx'
import { ErrorNote } from '../../kit/texts.tsx'
import { exportSize, weightTypes, type ExportForm, type WeightType } from './export-size.ts'

const forms: readonly { readonly form: ExportForm; readonly title: string; readonly about: string }[] = [
  {
    form: 'adapter',
    title: 'Adapter',
    about: 'PEFT files: for transformers, vLLM and others that have the base',
  },
  { form: 'merged', title: 'Merged', about: 'base and adapter in one, as safetensors' },
  { form: 'gguf-adapter', title: 'GGUF adapter', about: 'for llama.cpp with the base as GGUF' },
  { form: 'gguf-merged', title: 'GGUF, merged', about: 'one file: for llama.cpp, Ollama and LM Studio' },
]

/** The files as they lie here, and the forms that other programs read. Fetches `exportModel`, and the base for its size. */
export function ExportModel({ details }: { readonly details: ModelDetails }) {
  const { model, files } = details
  const base = model.kind === 'tuned' ? model.base : undefined
  const query = useApi('getModel', { path: { id: base ?? model.id } })
  const found = query.data?.model
  const parameters = found?.kind === 'base' ? found.parameters : undefined
  const [type, setType] = useState<WeightType>('F16')
  const [wanted, setWanted] = useState<ExportForm>()
  const download = useDownload()
  return (
    <>
      {model.kind === 'tuned' && (
        <Section title="Export">
          <div className="narrow">
            <Select
              label="Numbers of merged weights"
              value={type}
              options={weightTypes.map((each) => ({ value: each, label: each }))}
              onChange={(next) => setType(next as WeightType)}
            />
          </div>
          <Table
            caption="Forms of export"
            rows={forms}
            rowKey={({ form }) => form}
            columns={[
              { id: 'form', title: 'Form', isHeading: true, cell: ({ title }) => title },
              { id: 'about', title: 'For', cell: ({ about }) => about },
              {
                id: 'size',
                title: 'Size',
                isNumber: true,
                cell: ({ form }) => {
                  const size = exportSize(form, type, { files, parameters })
                  return size === undefined ? '–' : `about ${formatBytes(size)}`
                },
              },
              {
                id: 'download',
                title: <span className="unseen">Download</span>,
                cell: ({ form, title }) => (
                  <Button
                    look="quiet"
                    aria-label={`Download ${title}`}
                    busy={
                      download.bytes === undefined || wanted !== form
                        ? undefined
                        : download.bytes === 0
                          ? 'Writing …'
                          : `${formatBytes(download.bytes)} …`
                    }
                    disabled={download.bytes !== undefined && wanted !== form}
                    onClick={() => {
                      setWanted(form)
                      const hasType = form.endsWith('merged') && !(form === 'merged' && type === 'Q8_0')
                      download.start('exportModel', {
                        path: { id: model.id },
                        query: { form, ...(hasType ? { type } : {}) },
                      })
                    }}
                  >
                    Download
                  </Button>
                ),
              },
            ]}
          />
          {download.error !== undefined && <ErrorNote error={download.error} />}
        </Section>
      )}
      <Section title="Files">
        <Table
          caption="Files"
          rows={files}
          rowKey={({ name }) => name}
          empty={<p className="muted">It has no files yet.</p>}
          columns={[
            { id: 'name', title: 'File', isHeading: true, cell: ({ name }) => <code>{name}</code> },
            { id: 'bytes', title: 'Size', isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
          ]}
        />
      </Section>
    </>
  )
}
