import { Fragment } from 'react'
import { Link } from '../router/link.tsx'
import { Signed } from './plain-text.tsx'
import { hintPieces, type Way } from './ways-out.ts'

/** What to do, with links to the views that do it. @param here further ways, of the view that shows it */
export const WayOut = ({ hint, here }: { readonly hint: string; readonly here?: readonly Way[] }) =>
  hintPieces(hint, here).map((piece, at) =>
    typeof piece === 'string' ? (
      <Fragment key={at}>
        <Signed text={piece} />
      </Fragment>
    ) : (
      <Link key={at} href={piece.href}>
        {piece.words}
      </Link>
    ),
  )
