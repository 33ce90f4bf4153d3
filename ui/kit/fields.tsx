import { useId, type ComponentProps, type ReactNode } from 'react'

interface FieldProps {
  readonly label: ReactNode
  /** A sentence below the field. */
  readonly help?: ReactNode
  /** What is wrong with the value; said by screen readers at once. */
  readonly error?: ReactNode
}

interface FieldShellProps extends FieldProps {
  readonly id: string
  readonly children: ReactNode
}

function Field({ id, label, help, error, children }: FieldShellProps) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {help !== undefined && (
        <p className="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      <p className="wrong" id={`${id}-error`} role="alert">
        {error}
      </p>
    </div>
  )
}

const described = (id: string, { help, error }: Omit<FieldProps, 'label'>) => ({
  id,
  'aria-invalid': error === undefined || error === '' ? undefined : true,
  'aria-describedby': [help === undefined ? '' : `${id}-help`, `${id}-error`].join(' ').trim(),
})

/** A line of text; `type="number"` for numbers. `onChange` is the browser's. */
export function TextField({ label, help, error, ...rest }: FieldProps & ComponentProps<'input'>) {
  const id = useId()
  return (
    <Field id={id} label={label} help={help} error={error}>
      <input autoComplete="off" spellCheck={false} {...rest} {...described(id, { help, error })} />
    </Field>
  )
}

export function TextArea({ label, help, error, ...rest }: FieldProps & ComponentProps<'textarea'>) {
  const id = useId()
  return (
    <Field id={id} label={label} help={help} error={error}>
      <textarea rows={4} {...rest} {...described(id, { help, error })} />
    </Field>
  )
}

interface SelectProps extends FieldProps, Omit<ComponentProps<'select'>, 'onChange' | 'value'> {
  readonly value: string
  readonly options: readonly { readonly value: string; readonly label: string; readonly disabled?: boolean }[]
  readonly onChange: (value: string) => void
}

/** The browser's own list: it works with every keyboard, phone and screen reader. */
export function Select({ label, help, error, options, onChange, ...rest }: SelectProps) {
  const id = useId()
  return (
    <Field id={id} label={label} help={help} error={error}>
      <select
        {...rest}
        {...described(id, { help, error })}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map(({ value, label: name, disabled }) => (
          <option key={value} value={value} disabled={disabled}>
            {name}
          </option>
        ))}
      </select>
    </Field>
  )
}

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'onChange' | 'type'> {
  readonly label: ReactNode
  readonly help?: ReactNode
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

export function Checkbox({ label, help, onChange, ...rest }: CheckboxProps) {
  const id = useId()
  return (
    <div className="check">
      <input
        {...rest}
        id={id}
        type="checkbox"
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {help !== undefined && (
        <p className="help" id={`${id}-help`}>
          {help}
        </p>
      )}
    </div>
  )
}
