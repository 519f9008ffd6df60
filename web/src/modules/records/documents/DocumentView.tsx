// A document on the screen, from the same filling as the file: the same words, headings, lists and tables.
import { createElement } from 'react';
import type { DocumentBlock, Preview } from '../../../api/templates';
import { useT, useWord } from '../../../ui/i18n';
import { visible } from '../../../ui/text';
import './documents.css';

function Block({ of }: { of: DocumentBlock }) {
  const t = useT();
  switch (of.block) {
    case 'heading':
      return createElement(`h${Math.min(of.level + 2, 6)}`, {}, visible(of.text));
    case 'paragraph':
      return <p className="document-text">{visible(of.text)}</p>;
    case 'signature':
      return <p className="document-signature">{visible(of.text)}</p>;
    case 'page_break':
      return <hr aria-label={t('records.documents.pageBreak')} />;
    case 'list':
      return createElement(of.numbered ? 'ol' : 'ul', {}, of.items.map((item, i) => <li key={i}>{visible(item)}</li>));
    case 'table':
      return (
        <table className="dt">
          <thead>
            <tr>
              {of.header.map((h, i) => (
                <th key={i} scope="col">
                  {h}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {of.rows.map((row, r) => (
              <tr key={r}>
                {row.map((cell, c) => (
                  <td key={c} className="wrap">
                    {visible(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
  }
}

export function DocumentView({ document }: { document: Preview }) {
  const t = useT();
  const word = useWord();
  return (
    <section className="document" lang={document.language} tabIndex={0} aria-label={t('records.documents.preview')}>
      <p className="document-class">{word('records.class', document.class)}</p>
      <p className="muted small">{document.reference}</p>
      <h2>{visible(document.title)}</h2>
      {document.about && <p className="muted">{visible(document.about)}</p>}
      {document.blocks.map((b, i) => (
        <Block key={i} of={b} />
      ))}
    </section>
  );
}
