import { useState, type FormEvent } from 'react'
import { ApiError, toApiError } from './api/api-error.ts'
import { call } from './api/client.ts'
import { currentKey, signIn, useRefusal } from './api/session.ts'
import { Button } from './kit/button.tsx'
import { Checkbox, TextField } from './kit/fields.tsx'
import { Page } from './kit/page.tsx'
import { CodeBlock, Disclosure, ErrorNote } from './kit/texts.tsx'

/** Asks for a key, says where keys come from, and tries it before it is kept. */
export function SignIn() {
  const refusal = useRefusal()
  const [key, setKey] = useState('')
  const [remember, setRemember] = useState(false)
  const [error, setError] = useState<ApiError>()
  const [busy, setBusy] = useState(false)

  const submit = async (): Promise<void> => {
    const given = key.trim()
    if (given === '') {
      setError(new ApiError(0, { code: 'E_KEY', message: 'there is no key in the field' }))
      return
    }
    setBusy(true)
    setError(undefined)
    try {
      await call('getState', { key: given })
      signIn(given, { remember })
    } catch (failure) {
      setError(toApiError(failure))
    } finally {
      setBusy(false)
    }
  }
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    void submit()
  }

  return (
    <Page title="Sign in">
      <form className="sign-in" onSubmit={onSubmit}>
        {refusal !== undefined && error === undefined && currentKey() === undefined && (
          <ErrorNote
            error={
              new ApiError(401, {
                code: 'E_KEY',
                message: `you were signed out: ${refusal}`,
                hint: 'sign in with a key that is in use',
              })
            }
          />
        )}
        {error !== undefined && <ErrorNote error={error} />}
        <TextField
          label="Key"
          type="password"
          name="key"
          value={key}
          onChange={({ target }) => setKey(target.value)}
          help="Begins with hone_. It goes to this server only."
        />
        <Checkbox
          label="Keep me signed in in this browser"
          help="Else the key goes when this tab is closed."
          checked={remember}
          onChange={setRemember}
        />
        <Button type="submit" look="primary" busy={busy ? 'Trying the key …' : undefined}>
          Sign in
        </Button>
      </form>
      <Disclosure summary="Where do I find a key?" open>
        <p>
          On the machine where the server runs, <code>hone serve</code> prints a line <code>page</code> with a
          link that signs you in. Anywhere else, whoever runs the server makes a key for you:
        </p>
        <CodeBlock
          label="A key for one person"
          code="hone keys add --user NAME --bearer --allow read write invoke"
        />
      </Disclosure>
    </Page>
  )
}
