import { Select } from '../../../kit/fields.tsx'
import { targets, type ColumnChoice } from './column-map.ts'

/** One list of columns for each thing that a column can be. */
export function ColumnFields({
  columns,
  choice,
  onChange,
}: {
  readonly columns: readonly string[]
  readonly choice: ColumnChoice
  readonly onChange: (choice: ColumnChoice) => void
}) {
  return (
    <div className="fields">
      {targets.map(({ id, title, help, isNeeded }) => (
        <Select
          key={id}
          label={title}
          help={help}
          value={choice[id] ?? ''}
          options={[
            { value: '', label: isNeeded ? 'choose a column' : 'none' },
            ...columns.map((column) => ({ value: column, label: column })),
          ]}
          onChange={(column) => {
            const { [id]: _, ...others } = choice
            onChange(column === '' ? others : { ...others, [id]: column })
          }}
        />
      ))}
    </div>
  )
}
